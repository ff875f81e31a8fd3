// Parts of the cache key: the parameters that count, and what takes the place of path and query.

function loose(name) {
    return name.toLowerCase().split('[')[0].trim().replace(/[^a-z0-9_-]/g, '_');
}

function name_of(part) {
    return form_decoded(part.split('=')[0]);
}

// By name; parameters of one name stay in their order, which old versions of `sort` do not promise.
function sorted(parts) {
    var names = parts.map(function (part, place) { return [part.split('=')[0], place, part]; });
    names.sort(function (a, b) { return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]; });
    return names.map(function (each) { return each[2]; });
}

function key_query(r) {
    var options = JSON.parse(r.variables.pr_key_options), query = r.variables.pr_origin_query;
    var parts = query.split('&').filter(function (part) {
        var pieces = part.split(';');
        if (options.none) { return false; }
        if (options.only) {
            return pieces.some(function (piece) { return has(options.only, loose(name_of(piece))); });
        }
        return !options.but || !pieces.every(function (piece) { return has(options.but, name_of(piece)); });
    });
    if (options.fold) { parts = parts.map(function (part) { return part.toLowerCase(); }); }
    if (options.sort) { parts = sorted(parts.filter(function (part) { return part; })); }
    var kept = parts.join('&');
    return kept ? '?' + kept : '';
}

function key_target(r) {
    var v = r.variables, found = JSON.parse(v.pr_key_rewrite);
    var query = v.pr_key_query.substring(1), regex = new RegExp(found.r, found.i);
    var match = query ? regex.exec(v.pr_origin_uri + '?' + query) : null, rest = '';
    if (!match) {
        match = regex.exec(v.pr_origin_uri);
        rest = query;
    }
    if (!match) { return v.pr_origin_sent_path + v.pr_key_query; }
    var made = found.p.map(function (piece) {
        return typeof piece === 'string' ? piece : piece.g ? match[piece.g] || '' : r.variables[piece.v] || '';
    }).join('');
    return rest ? made + (made.indexOf('?') >= 0 ? '&' : '?') + rest : made;
}

// Expires for client_max_age: the origin's Date and that time. It is made when the response is stored; here only
// where a rule says another time since then.

function client_expires(r) {
    var seconds_of_client = r.variables.pr_client_max_age;
    if (!seconds_of_client) { return ''; }
    var when = date(r.variables.upstream_http_date || '');
    return isNaN(when) ? '' : new Date((when + Number(seconds_of_client)) * 1000).toUTCString();
}

function referring_domain(r) {
    var found = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[^\/?#@]*@)?(\[[^\]]*\]|[^\/?#:]*)/.exec(r.variables.http_referer || '');
    return found ? found[1].toLowerCase().replace(/^\[|\]$/g, '') : '';
}
