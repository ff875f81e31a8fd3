// Addresses in the making; see evaluation/destination.py, which these functions repeat.

var NOT_OF_A_URL = /%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@\/?%]/g;

function encoded(text) {
    return text.replace(NOT_OF_A_URL, function (found) { return found === '%' ? '%25' : encodeURIComponent(found); })
        .replace(/['!*()]/g, function (found) { return found; });
}

function without_dot_segments(path) {
    if (!/\/(?:\.|%2[Ee]){1,2}(?:\/|$)/.test(path)) { return path; }
    var kept = [], plain = '';
    path.split('/').slice(1).forEach(function (segment) {
        plain = segment.replace(/%2[Ee]/g, '.');
        if (plain === '..') { kept.pop(); } else if (plain !== '.') { kept.push(segment); }
    });
    if (plain === '.' || plain === '..') { kept.push(''); }
    return '/' + kept.join('/');
}

var OF_THE_URL = ['host', 'http_host', 'is_amp', 'is_args', 'normalized_path', 'normalized_query', 'normalized_uri',
    'path', 'query_string', 'request_uri', 'scheme', 'uri'];

// What a write removes besides its own URL: the target of a header that names a URL of the same host, else nothing (E21).

function gone(r, place) {
    var v = r.variables, found;
    place = (place || '').split('#')[0];
    found = /^(?:(https?):)?\/\/(?:[^\/?@]*@)?([^\/?]*)(.*)$/i.exec(place);
    if (found) {
        var port = (found[1] || v.pr_scheme).toLowerCase() === 'http' ? /:80$/ : /:443$/;
        if (found[2].toLowerCase().replace(port, '') !== v.pr_host) { return ''; }
        place = found[3];
    } else if (/^[a-z][a-z0-9+.-]*:/i.test(place)) {
        return '';
    } else if (place[0] === '?') {
        place = v.pr_sent_path + place;
    } else if (place && place[0] !== '/') {
        place = v.pr_sent_path.replace(/[^\/]*$/, '') + place;
    }
    var parts = split(place[0] === '/' ? place : '/' + place);
    return without_dot_segments(parts[0]) + (parts[1] ? '?' + parts[1] : '');
}

function gone_location(r) { return gone(r, r.variables.upstream_http_location); }

function gone_content_location(r) { return gone(r, r.variables.upstream_http_content_location); }

function in_path(text) {
    return text.split('/').filter(function (segment) { return !/^(?:\.|%2[Ee]){1,2}$/.test(segment); }).join('/')
        .replace(/\?/g, '%3F');
}

function destination(is_target) {
    return {is_target: is_target, scheme: '', host: null, before: null, in_host: false, path: '', query: null,
        fragment: null, begun: false, rooted: is_target, joint: false};
}

function whole_host(d) { return d.before !== null && /[A-Za-z0-9]$/.test(d.before); }

function leave_host(d) {
    if (!d.in_host) { return; }
    d.in_host = false;
    if (d.before && whole_host(d)) {
        d.path = encoded('/' + d.host.substring(d.before.length));
        d.host = d.before;
        d.joint = true;
    }
}

function add_parts(d, text, is_authors) {
    if (d.fragment === null && is_authors && text.indexOf('#') >= 0) {
        var at = text.indexOf('#');
        add_parts(d, text.substring(0, at), true);
        if (d.is_target) {
            add_parts(d, ('%23' + text.substring(at + 1)).replace(/#/g, '%23'), true);
        } else {
            d.fragment = encoded(text.substring(at + 1).replace(/#/g, '%23'));
        }
        return;
    }
    if (d.fragment !== null) {
        d.fragment += encoded(text.replace(/#/g, '%23'));
    } else if (d.query !== null) {
        if (text[0] === '?' && !is_authors) {
            text = !d.query || d.query[d.query.length - 1] === '&' ? text.substring(1) : '&' + text.substring(1);
        }
        d.query += encoded(text);
    } else {
        var parts = split(text), path = parts[0];
        var meets = d.path[d.path.length - 1] === '/' && (!is_authors || d.joint);
        d.path += encoded(meets ? path.replace(/^\/+/, '') : path);
        if (text.indexOf('?') >= 0) { d.query = encoded(parts[1]); }
    }
}

function begin(d, text) {
    if (d.is_target) { return text; }
    var found = /^(?:[A-Za-z][A-Za-z0-9+.-]*:)?\/\//.exec(text);
    if (found) {
        d.scheme = found[0];
        d.host = '';
        d.in_host = true;
        return text.substring(found[0].length);
    }
    found = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(text);
    if (found) {
        d.scheme = found[0];
        return text.substring(found[0].length);
    }
    d.rooted = text[0] === '/';
    return text;
}

function add_text(d, text) {
    if (!text) { return; }
    if (!d.begun) {
        d.begun = true;
        text = begin(d, text);
    } else if (!d.scheme && d.query === null && text.substring(0, 3) === '://' && d.joint
        && /^[A-Za-z][A-Za-z0-9+.-]*$/.test(d.path.replace(/^\//, ''))) {
        d.scheme = d.path + '://';
        d.path = '';
        text = text.substring(3);
        d.host = '';
        d.in_host = true;
    }
    if (d.in_host && text) {
        var end = text.search(/[\/?#]/);
        var own = end < 0 ? text : text.substring(0, end);
        if (own) {
            d.host += encoded(own);
            d.before = null;
        }
        text = end < 0 ? '' : text.substring(end);
        if (text) { leave_host(d); }
    }
    add_parts(d, text, true);
    d.joint = false;
}

function put_in(d, text, may_have_query, separates) {
    if (!d.begun) {
        d.begun = true;
        d.rooted = true;
    }
    if (d.in_host) {
        if (text[0] !== '/' && text[0] !== '?') {
            if (d.before === null) { d.before = d.host; }
            if (text.indexOf('/') >= 0 && whole_host(d)) {
                leave_host(d);
                add_parts(d, text.replace(/#/g, '%23'), false);
                return;
            }
            d.host += text.replace(/[^A-Za-z0-9._\-:\[\]]+/g, '');
            return;
        }
        leave_host(d);
    }
    if (!may_have_query && d.query === null) {
        text = in_path(text);
    } else if (d.query !== null && !separates) {
        text = text.replace(/&/g, '%26').replace(/\+/g, '%2B');
    }
    add_parts(d, text.replace(/#/g, '%23'), false);
    d.joint = true;
}

function add_variable(d, name, text) {
    var start = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.exec(text);
    if (!d.begun && !d.is_target && start) {
        add_text(d, text);
        d.joint = true;
    } else if (OF_THE_URL.indexOf(name) >= 0 || !d.begun) {
        put_in(d, text, true, true);
    } else {
        put_in(d, text, false, false);
    }
}

function address(d) {
    leave_host(d);
    if (d.host === '') { return ''; }
    var path = d.path;
    if (d.host !== null && path && path[0] !== '/') { path = '/' + path; }
    if (d.host === null && d.rooted) { path = '/' + path.replace(/^\/+/, ''); }
    if (path[0] === '/') {
        path = without_dot_segments(path);
        if (d.host === null && path.substring(0, 2) === '//') { path = '/' + path.replace(/^\/+/, ''); }
    }
    return d.scheme + (d.host || '') + path + (d.query !== null ? '?' + d.query : '')
        + (d.fragment !== null ? '#' + d.fragment : '');
}

function recoded(text) {
    return text.replace(/[^A-Za-z0-9\-._~\/%!$'()*,:@]/g, function (found) { return encodeURIComponent(found); });
}

function substituted(r, found, path, query, is_target) {
    var match = null, keeps = found.q === 'kept', encodes = false;
    if (found.r !== undefined) {
        var regex = new RegExp(found.r, found.i);
        if (found.q === 'both') {
            match = query ? regex.exec(path + '?' + query) : null;
            if (match && found.p.some(function (piece) { return piece.g && (match[piece.g] || '').indexOf('?') >= 0; })) {
                match = null;
            }
            if (!match) {
                match = regex.exec(path);
                keeps = !!query;
            }
        } else {
            match = regex.exec(path);
        }
        if (!match) {
            encodes = true;
            match = regex.exec(seen(path));
        }
        if (!match) { return ''; }
    }
    var d = destination(is_target);
    found.p.forEach(function (piece) {
        if (typeof piece === 'string') {
            add_text(d, piece);
        } else if (piece.g) {
            var text = match[piece.g] || '';
            if (!(piece.o && !text)) { add_text(d, piece.b || ''); }
            put_in(d, encodes ? recoded(text) : text, true, text[0] === '?');
        } else if (piece.t) {
            if (match[piece.t] && d.query === null && d.fragment === null) {
                leave_host(d);
                if (d.path[d.path.length - 1] !== '/') { d.path += '/'; }
                d.joint = true;
            }
        } else if (piece.w) {
            put_in(d, query ? '?' + query : '', true, true);
        } else {
            add_variable(d, piece.n, r.variables[piece.v] || '');
        }
    });
    if (keeps && query) {
        leave_host(d);
        d.query = d.query ? d.query + '&' + encoded(query) : encoded(query);
    }
    return address(d);
}

function merged(path) { return path.replace(/\/\/+/g, '/'); }

function merged_path(r) { return merged(r.variables.pr_sent_path); }

function merged_origin_path(r) { return merged(r.variables.pr_origin_sent_path); }

function seen_origin_path(r) { return seen(r.variables.pr_origin_sent_path); }

function seen_origin_query(r) { return r.variables.pr_origin_query.replace(/%(?:5[BDE]|7[BCD])/g, decoded); }

// The target after rewrites, "" if none applies, or "!" and why it is refused.

function rewritten(r) {
    var path = r.variables.pr_sent_path, query = r.variables.pr_others, changed = false;
    JSON.parse(r.variables.pr_rewrites).forEach(function (one) {
        var made = substituted(r, one, merged(path), query, true);
        if (made) {
            var parts = split(made);
            path = parts[0];
            query = parts[1];
            changed = true;
        }
    });
    if (!changed) { return ''; }
    var why = refusal(path, query, r.variables.pr_keeps_slashes === '1');
    query = without_own(canonical(query));
    return why ? '!' + why : canonical(path) + (query ? '?' + query : '');
}

// Where a redirect leads, "" if nowhere, or to the same request again.

function redirected(r) {
    var v = r.variables;
    if (!v.pr_redirect) { return ''; }
    var found = JSON.parse(v.pr_redirect);
    var to = substituted(r, found, v.pr_origin_uri, v.pr_origin_query, false);
    return to && !(leads_back(r, found.s, to) && !v.pr_sets_cookie) ? to : '';
}

function leads_back(r, status, to) {
    var v = r.variables;
    if (['GET', 'HEAD'].indexOf(r.method) < 0 && status !== 307 && status !== 308) { return false; }
    var place = to.split('#')[0];
    var found = /^(https?):\/\/([^\/?]*)(.*)$/i.exec(place);
    if (found) {
        var port = found[1] === 'http' ? /:80$/ : /:443$/;
        if (found[1].toLowerCase() !== v.pr_scheme || found[2].toLowerCase().replace(port, '') !== v.pr_host) { return false; }
        place = found[3] || '/';
    }
    if (place[0] !== '/' || place[1] === '/') { return false; }
    var parts = split(place);
    var query = without_own(canonical(parts[1]));
    return canonical(parts[0]) + (query ? '?' + query : '') === v.pr_kept;
}
