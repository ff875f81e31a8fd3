// What an origin allows: the directives of Cache-Control, and dates.

function directives(text) {
    var found = {};
    (text.match(/(?:"(?:\\.|[^"\\])*"|[^,"]|")+/g) || []).forEach(function (member) {
        member = member.trim();
        if (!member) { return; }
        var at = member.indexOf('=');
        var name = (at < 0 ? member : member.substring(0, at)).toLowerCase();
        if (!(name in found)) { found[name] = at < 0 ? '' : member.substring(at + 1); }
    });
    return found;
}

function seconds(text) { return /^[0-9]+$/.test(text) ? Math.min(Number(text), 2147483648) : 0; }

function date(text) {
    var form = /^(?:[A-Za-z]{3}, \d\d [A-Za-z]{3} \d{4} \d\d:\d\d:\d\d GMT|[A-Za-z]{6,9}, \d\d-[A-Za-z]{3}-\d\d \d\d:\d\d:\d\d GMT|[A-Za-z]{3} [A-Za-z]{3} [ \d]\d \d\d:\d\d:\d\d \d{4})$/i;
    if (!form.test(text)) { return NaN; }
    return Date.parse(/^[A-Za-z]{3} /.test(text) ? text + ' GMT' : text) / 1000;
}

function structured(text) {
    return /^[a-z*][a-z0-9_.*-]*(?:=(?:[0-9]+|"[^"]*"|[A-Za-z*][^\s,;"]*|\?[01]))?(?:;[a-z0-9_.*=-]+)*(?:[ \t]*,[ \t]*[a-z*][a-z0-9_.*-]*(?:=(?:[0-9]+|"[^"]*"|[A-Za-z*][^\s,;"]*|\?[01]))?(?:;[a-z0-9_.*=-]+)*)*$/.test(text);
}

function has(list, item) { return !!list && list.indexOf(item) >= 0; }

// How long a response may be kept: "" if not at all, else {fresh, stale, error} in seconds.
//
// rule: a200 = max_age of a 200, d200 = default_internal_max_age, w = stale_while_revalidate, e = stale_on_error,
//       u200 = revalidate_after_origin_unavailable, n = statuses whose no-cache is ignored,
//       c = cacheable_status_codes, b = bypass_cache, o = changes of the origin's headers,
//       p = prevalidate_cached_content, z = refresh_zero_byte_cache_files, t = purge_tags as a header has them

function policy(rule, status, control, expires, when, age, validator) {
    var overruled = has(rule.n, status);
    if (status < 200 || status === 206 || rule.b) { return null; }
    if (!overruled && ('no-store' in control || 'private' in control)) { return null; }
    var always = !overruled && 'no-cache' in control;
    var fresh, ruled = false, code = String(status);
    var listed = status === 200 || has(rule.c, status);
    if (('a' + code) in rule) {
        if (always || rule['a' + code] <= 0) { return null; }
        fresh = rule['a' + code];
        ruled = true;
    } else if (listed && ('s-maxage' in control || 'max-age' in control || expires !== '')) {
        var said = 's-maxage' in control ? seconds(control['s-maxage'])
            : 'max-age' in control ? seconds(control['max-age'])
            : Math.max(0, (date(expires) || 0) - when);
        fresh = always ? 0 : said - age;
    } else if (('d' + code) in rule) {
        if (always || rule['d' + code] <= 0) { return null; }
        fresh = rule['d' + code];
        ruled = true;
    } else if (listed && always) {
        fresh = 0;
    } else {
        return null;
    }
    if (fresh <= 0 && !validator) { return null; }
    if (always) { return {fresh: 0, stale: 0, error: 0}; }
    var never = 'must-revalidate' in control || 'proxy-revalidate' in control || (!ruled && 's-maxage' in control);
    var stale = rule.w === undefined ? seconds(control['stale-while-revalidate'] || '') : rule.w;
    var error = seconds(control['stale-if-error'] || '');
    if (rule.e) { error = Math.max(error, ('u' + code) in rule ? rule['u' + code] : 120); }
    return {fresh: fresh, stale: never && !ruled ? 0 : stale, error: never ? 0 : error};
}

// E18: the end of the lifetime counts as a time in which the response is used while it is refreshed; an empty one
// has expired.

function shortened(found, rule, isEmpty) {
    if (rule.z && isEmpty) { return {fresh: 0, stale: 0, error: found.error}; }
    if (!(rule.p > 0) || found.fresh < 1) { return found; }
    return {
        fresh: Math.max(1, found.fresh - rule.p),
        stale: found.stale + rule.p,
        error: found.error && found.error + rule.p,
    };
}

// Header filter of the inner server: says to the front server, in words that nginx obeys, how long to keep a
// response, and keeps the origin's own words beside them.

function keep(r) {
    var rule = JSON.parse(r.variables.pr_keep || '{}');
    var out = r.headersOut;
    ['X-Pr-Cc', 'X-Pr-Expires', 'X-Pr-Time', 'X-Pr-Own', 'X-Pr-Client-Expires', 'X-Pr-Ttl', 'X-Pr-Status', 'X-Pr-Tags'].forEach(function (name) { delete out[name]; });
    if (r.variables.pr_tells_status) { out['X-Pr-Status'] = String(r.status); }
    var isLost = r.headersIn['X-Pr-Again'] && out['X-Pr-Lost'] === '1';
    delete out['X-Pr-Lost'];
    if (isLost) { out['X-Pr-Own'] = '1'; }
    change(r, list(r.variables.pr_origin_changes));
    var control = joined(out['Cache-Control']);
    var expires = joined(out['Expires']);
    var said = directives(control);
    var targeted = joined(out['CDN-Cache-Control']);
    var overridden = targeted && structured(targeted);
    if (!control && !overridden && /no-cache/i.test(joined(out['Pragma']))) { said = {'no-cache': ''}; }
    if (overridden) { said = directives(targeted); }
    var now = Math.floor(Date.now() / 1000);
    var made = date(joined(out['Date']));
    var own = joined(out['Age']).split(',')[0].trim();
    var age = Math.max(isNaN(made) ? 0 : now - made, seconds(own), 0);
    var status = r.status === 304 ? 200 : r.status;
    var validator = out['ETag'] || out['Last-Modified'] || r.status === 304;
    var found = policy(rule, status, said, overridden ? '' : expires, isNaN(made) ? now : made, age, validator);
    delete out['Cache-Control'];
    delete out['Expires'];
    delete out['X-Accel-Expires'];
    delete out['X-Accel-Redirect'];
    delete out['Accept-Ranges'];
    if (control) { out['X-Pr-Cc'] = control; }
    if (expires) { out['X-Pr-Expires'] = expires; }
    var seconds_of_client = r.variables.pr_client_max_age;
    if (seconds_of_client) {
        var when = isNaN(made) ? now : made;
        out['X-Pr-Client-Expires'] = seconds_of_client + '|' + new Date((when + Number(seconds_of_client)) * 1000).toUTCString();
    }
    if (r.status === 204 || r.status === 205) { out['X-Accel-Redirect'] = '@refused_page'; }  // of a prefetch (E33)
    if (r.method !== 'GET' && !r.headersIn['X-Pr-Stores'] || r.headersIn['X-Pr-Quiet'] || !found || is_purged(r) || joined(out['Set-Cookie']) || joined(out['Vary']).indexOf('*') >= 0) {
        if (replaces(r, said, validator)) { out['X-Accel-Expires'] = '@1'; } else if (out['X-Accel-Redirect']) { out['X-Accel-Expires'] = '0'; } else { out['Cache-Control'] = 'no-store'; }
        return;
    }
    found = shortened(found, rule, out['Content-Length'] === '0');
    delete out['Age'];
    out['X-Pr-Time'] = String(now - age);
    if (rule.t) { out['X-Pr-Tags'] = rule.t; }
    out['X-Pr-Ttl'] = String(Math.max(0, Math.floor(found.fresh)));
    if (r.status === 200) { out['Accept-Ranges'] = 'bytes'; }
    if (found.fresh < 1) {
        out['X-Accel-Expires'] = '@1';
    } else if (out['X-Accel-Redirect']) {
        out['X-Accel-Expires'] = String(Math.floor(found.fresh));           // nginx would pass Cache-Control on
    } else {
        out['Cache-Control'] = 'max-age=' + Math.floor(found.fresh)
            + (found.stale ? ', stale-while-revalidate=' + found.stale : '')
            + (found.error ? ', stale-if-error=' + found.error : '');
    }
}

// E38: whether there was a purge since the request came. It leaves its time in the folder of the cache.

function is_purged(r) {
    var purged;
    try { purged = Number(fs.readFileSync(r.variables.document_root + '/temp/purged')); } catch (e) { return false; }
    return Date.now() - Number(r.variables.request_time) * 1000 <= purged;
}

// E10: whether a response that may not be stored has to remove the expired one that it would have replaced. It takes
// its place as one that has expired too: nginx never uses it.

function replaces(r, said, validator) {
    return r.method === 'GET' && r.headersIn['X-Pr-Cache'] === 'EXPIRED' && !r.headersIn['X-Pr-Quiet']
        && [304, 500, 502, 503, 504].indexOf(r.status) < 0 && !validator && !('no-store' in said) && !('private' in said);
}

function joined(value) {
    return value === undefined ? '' : Array.isArray(value) ? value.join(', ') : String(value);
}
