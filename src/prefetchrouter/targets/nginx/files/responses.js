function list(json) { return json ? JSON.parse('[' + json + '0]').slice(0, -1) : []; }

// A text of a rule: a string, or a list of strings and variables.

function filled(r, text) {
    if (typeof text === 'string') { return text; }
    return text.map(function (part) { return typeof part === 'string' ? part : r.variables[part.v] || ''; }).join('');
}

// Changes of headers, in the order of the rules: [what, name, text].

function change(r, operations) {
    var out = r.headersOut;
    operations.forEach(function (operation) {
        var what = operation[0], name = operation[1], text = what === '-' ? '' : filled(r, operation[2]);
        var is_cookie = name === 'set-cookie';
        if (what === '-' || (what === '=' && text === '')) {
            delete out[name];
        } else if (what === '=') {
            out[name] = is_cookie ? [text] : text;
        } else if (what === '.') {
            out[name] = joined(out[name]) + text;
        } else if (is_cookie) {
            out[name] = [].concat(out[name] || [], [text]);
        } else if (out[name] === undefined) {
            out[name] = text;
        } else {
            out[name] = joined(out[name]) + ', ' + text;
        }
    });
}

// Responses that rules make (E28).

function status_of(r, otherwise) {
    var text = r.variables.pr_set_status || '';
    return /^[2-9][0-9]{2}$/.test(text) ? Number(text) : otherwise;
}

function made(r) {
    var v = r.variables, out = r.headersOut, text = '';
    var to = v.pr_deny || !v.pr_redirect ? '' : v.pr_js_redirect;
    if (v.pr_deny) {
        r.status = 403;
        text = 'Forbidden\n';
    } else if (to) {
        r.status = JSON.parse(v.pr_redirect).s;
    } else {
        r.status = status_of(r, 200);
        text = v.pr_set_body ? v.pr_set_body.substring(1) : '';
    }
    if (v.pr_prefetches && !v.pr_deny && !to && [204, 205, 206, 304].indexOf(r.status) >= 0) {
        r.internalRedirect('@refused');                                     // a prefetch is not answered with that (E33)
        return;
    }
    change(r, list(v.pr_changes));
    if (v.pr_deny) { out['Content-Type'] = 'text/plain'; }
    if (to || out['Location']) { out['Location'] = with_own(r, to || joined(out['Location'])); }
    out['Content-Length'] = String(Buffer.from(text).length);
    r.sendHeader();
    if (text && r.method !== 'HEAD') { r.send(text); }
    r.finish();
}

// Header and body filter for rules that change a response of the origin or the cache.

function client(r) {
    var v = r.variables;
    if (r.headersOut['X-Pr-Own'] || v.upstream_http_x_pr_own) {
        r.status = Number((v.upstream_status || '').split(/[ ,:]+/).pop()) || r.status;  // not that of rules
        return;
    }
    change(r, list(v.pr_changes));
    if (r.status === 304 || r.status === 412 && v.pr_only) { return; }
    r.status = status_of(r, r.status);
    if (v.pr_set_body) {
        delete r.headersOut['ETag'];
        delete r.headersOut['Last-Modified'];
        r.headersOut['Content-Length'] = String(Buffer.from(v.pr_set_body.substring(1)).length);
    }
}

// E24: the headers of a 304; those of rules come later.

var OF_304 = ['age', 'cache-control', 'cdn-cache-control', 'content-location', 'date', 'etag', 'expires', 'vary', 'server'];

function selected(r) {
    var out = r.headersOut;
    if (r.status === 200 && out['Content-Range']) {
        forget_part(r);
    } else if (r.status === 304) {
        Object.keys(out).forEach(function (name) {
            if (OF_304.concat(out['ETag'] ? [] : ['last-modified']).indexOf(name.toLowerCase()) < 0) { delete out[name]; }
        });
        if (is_packed(r)) {
            if (out['ETag']) { out['ETag'] = 'W/' + out['ETag'].replace(/^W\//, ''); }
            out['Vary'] = (out['Vary'] ? joined(out['Vary']) + ', ' : '') + 'Accept-Encoding';
        }
    }
}

// Whether the client would get the response with gzip (E25).

function is_packed(r) {
    var v = r.variables, type = (v.upstream_http_content_type || '').split(';')[0].trim().toLowerCase();
    return v.pr_packed_types && v.pr_packed_types.split(' ').indexOf(type) >= 0
        && /(?:^|,)[ \t]*gzip[ \t]*(?:,|;(?![ \t]*q[ \t]*=[ \t]*0(?:\.0*)?[ \t]*(?:,|$))|$)/i.test(r.headersIn['Accept-Encoding'] || '');
}

// A 416 became the whole response: what was added for the 416 goes, and what came again stays once.

function forget_part(r) {
    var values = {};
    r.rawHeadersOut.forEach(function (field) {
        var name = field[0].toLowerCase();
        values[name] = (values[name] || []).concat([field[1]]);
    });
    Object.keys(values).forEach(function (name) {
        var again = values[name].slice(Math.ceil(values[name].length / 2));
        if (again.length) { r.headersOut[name] = again.join(', '); } else { delete r.headersOut[name]; }
    });
    delete r.headersOut['Content-Range'];
}

// Whether Range asks for parts of a body: other units, malformed ranges and those of other methods are ignored.

function part(r) {
    var found = /^bytes=[ \t]*(.+)$/i.exec(r.headersIn['Range'] || '');
    if (!found || r.method !== 'GET') { return ''; }
    return found[1].split(',').every(function (range) {
        var ends = /^[ \t]*(?:([0-9]+)-([0-9]*)|-[0-9]+)[ \t]*$/.exec(range);
        return ends && !(ends[2] && Number(ends[2]) < Number(ends[1]));
    }) ? 'r' : '';
}

function body(r, data, flags) {
    var v = r.variables;
    if (!v.pr_set_body || v.upstream_http_x_pr_own) {
        r.sendBuffer(data, flags);
    } else if (flags.last) {
        r.sendBuffer(v.pr_set_body.substring(1), flags);
    }
}
