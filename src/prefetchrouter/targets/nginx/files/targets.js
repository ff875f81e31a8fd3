// What maps cannot do, for nginx's JavaScript module (njs 0.7.9 and later). None of it runs on the way of an
// ordinary hit: it runs for unusual URLs, for responses that come from an origin, and for rules that need it.

import fs from 'fs';

// The target of a request in canonical form, or "!" and why it is refused.

var UNRESERVED = /^[A-Za-z0-9._~-]$/;
var RAW = /["<>\[\]^`{|}]/g;

function escaped(text) {
    var code = text.charCodeAt(0).toString(16).toUpperCase();
    return '%' + (code.length < 2 ? '0' + code : code);
}

function normalized(found) {
    var character = String.fromCharCode(parseInt(found.substring(1), 16));
    return UNRESERVED.test(character) ? character : found.toUpperCase();
}

function canonical(text) {
    return text.replace(/%[0-9A-Fa-f]{2}/g, normalized).replace(RAW, escaped);
}

function split(target) {
    var at = target.indexOf('?');
    return at < 0 ? [target, ''] : [target.substring(0, at), target.substring(at + 1)];
}

function refusal(path, query, keepsSlashes) {
    var whole = path + '?' + query;
    if (path[0] !== '/' || whole.indexOf('#') >= 0) { return 'the target is not a path'; }
    if (/[^\x00-\x7f]/.test(whole)) { return 'the target holds a character outside ASCII'; }
    if (/[^\x21-\x7e]/.test(whole)) { return 'the target holds a control character or a space'; }
    if (whole.indexOf('\\') >= 0) { return 'the target holds a backslash'; }
    var broken = /%(?![0-9A-Fa-f]{2}).{0,2}/.exec(whole);
    if (broken) { return '"' + broken[0] + '" is not a percent-escape'; }
    path = canonical(path);
    query = canonical(query);
    if (/%(?:[01][0-9A-F]|7F)/.test(path)) { return 'the path holds a control character'; }
    if (/%(?:0[0-8BCEF]|1[0-9A-F]|7F)/.test(query)) { return 'the query holds a control character'; }
    var overlong = /%C[01]%[89AB]|%E0%[89]|%F0%8/.exec(path);
    if (overlong) { return overlong[0] + ' in the path begins an overlong character'; }
    if (/(?:^|\/|%2F|%5C)\.\.?(?=$|\/|%2F|%5C|;|%3B)/.test(path)) { return 'the path holds a dot segment'; }
    var slash = keepsSlashes ? null : /%2F|%5C/.exec(path);
    if (slash) {
        return 'the path holds an encoded ' + (slash[0] === '%2F' ? 'slash, ' : 'backslash, ') + slash[0];
    }
    return '';
}

function target(r) {
    var parts = split(r.variables.request_uri || '');
    var why = refusal(parts[0], parts[1], r.variables.pr_keeps_slashes === '1');
    if (why) { return '!' + why; }
    return canonical(parts[0]) + (parts[1] ? '?' + canonical(parts[1]) : '');
}

// What rules see of a path: runs of slashes as one, and characters that mean the same encoded or not.

function decoded(found) { return String.fromCharCode(parseInt(found.substring(1), 16)); }

function seen(path) {
    return path.replace(/\/\/+/g, '/').replace(/%(?:2[146-9ABC]|3[ABD]|40|5[BDE]|7[BCD])/g, decoded);
}

function seen_path(r) { return seen(r.variables.pr_sent_path); }

function seen_query(r) { return r.variables.pr_query.replace(/%(?:5[BDE]|7[BCD])/g, decoded); }

// The parameters of prefetching, and the others.

function own(part) { return part.substring(0, 6) === 'edgio_'; }

function without_own(query) {
    return query.split('&').filter(function (part) { return !own(part); }).join('&');
}

function stripped(r) { return without_own(r.variables.pr_query); }

function form_decoded(text) {
    text = text.replace(/\+/g, ' ');
    try { return decodeURIComponent(text); } catch (e) { return text; }
}

// The decoded value of a query parameter; undefined without it.

function parameter(r, name) {
    var parts = r.variables.pr_origin_query.split('&');
    for (var i = 0; i < parts.length; i++) {
        var at = parts[i].indexOf('=');
        if (parts[i] && form_decoded(at < 0 ? parts[i] : parts[i].substring(0, at)) === name) {
            return at < 0 ? '' : form_decoded(parts[i].substring(at + 1));
        }
    }
    return undefined;
}

// The POST that a GET carries in its query (E29); its body is part of the cache key, where it is small (E8).

function carried(r) {
    var found = {}, kept = [];
    r.variables.pr_query.split('&').forEach(function (part) {
        var name = part.split('=')[0];
        if (name === 'pref_edgio_method' || name === 'pref_edgio_body') {
            try { found[name] = decodeURIComponent(part.substring(name.length + 1)); } catch (e) { found[name] = ''; }
        } else {
            kept.push(part);
        }
    });
    return {method: (found.pref_edgio_method || '').toUpperCase(), body: found.pref_edgio_body || '', rest: kept.join('&')};
}

function carried_method(r) { return r.method === 'GET' && carried(r).method === 'POST' ? 'POST' : ''; }

function carried_body(r) { return carried(r).body; }

function carried_type(r) {
    try { JSON.parse(carried(r).body); } catch (e) { return 'text/plain;charset=UTF-8'; }
    return 'application/json';
}

function carried_target(r) {
    var rest = carried(r).rest;
    return r.variables.pr_sent_path + (rest ? '?' + rest : '');
}

function small(r) {
    var length = r.variables.http_content_length, most = r.variables.pr_most_body || '14000';
    return length !== undefined && /^[0-9]+$/.test(length) && Number(length) <= Number(most) ? '1' : '';
}

// A redirect that answers a prefetch keeps its parameters, so that the next request reaches no origin either.

function kept_location(r) { return with_own(r, r.variables.upstream_http_location); }

function with_own(r, location) {
    var query = r.variables.pr_query;
    var ours = query.split('&').filter(own).join('&');
    var found = /^(?:(https?):)?\/\/(?:[^\/?#]*@)?([^\/?#]*)/i.exec(location);
    if (!location || query.split('&').indexOf('edgio_prefetch=1') < 0) { return location; }
    if (found) {
        var port = (found[1] || r.variables.pr_scheme) === 'http' ? /:80$/ : /:443$/;
        if (found[2].toLowerCase().replace(port, '') !== r.variables.pr_host) { return location; }
    } else if (/^[a-z][a-z0-9+.-]*:/i.test(location)) {
        return location;
    }
    var mark = location.indexOf('#');
    var place = mark < 0 ? location : location.substring(0, mark);
    var parts = split(place);
    var rest = without_own(parts[1]);
    return parts[0] + '?' + (rest ? rest + '&' : '') + ours + (mark < 0 ? '' : location.substring(mark));
}
