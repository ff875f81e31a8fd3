# How this cache works: a shared cache by RFC 9111, for Varnish Cache 7 and later and Vinyl Cache.
# The same for every build, except for what the rules need. rules.vcl has the rules, site.vcl the origins.
# Made by prefetchrouter: do not edit. Numbers such as E14 are those of docs/edge-rules.md.

vcl 4.1;

import blob;
import header;      # package varnish-modules, as are str, var, vsthrottle and xkey
import proxy;
import std;
import str;
import var;
import vsthrottle;
import xkey;

include "./site.vcl";
include "./files.vcl";
include "./rules.vcl";

# ---- Requests: what the client sent, in the one form that rules, cache keys and origins share

sub pr_unset_own {
    # Headers of ours begin with pr_, which a client's never do from here on. With an underscore in their names
    # they could not reach an origin anyhow (E3).
    header.regsub(req, "(?i)^pr_[^:]*:", "pr_client:");
    unset req.http.pr_client;
    set req.http.pr_set = "rules	";
}

sub pr_refuse {
    # A response of one line of text, which no cache stores.
    set req.http.pr_answer = "plain";
    return (synth(400));
}

sub pr_target {
    # Percent-escapes that mean nothing are decoded, the others are in upper case; what no origin should
    # have to interpret is refused (E1, E2; RFC 3986, section 6.2.2).
    if (req.url !~ "^/" || req.url ~ "#") { set req.http.pr_message = "the target is not a path"; call pr_refuse; }
    if (req.url ~ "[\x80-\xff]") {
        set req.http.pr_message = "the target holds a character outside ASCII"; call pr_refuse;
    }
    if (req.url ~ "[\x00-\x20\x7f]") {
        set req.http.pr_message = "the target holds a control character or a space"; call pr_refuse;
    }
    if (req.url ~ "\\") { set req.http.pr_message = "the target holds a backslash"; call pr_refuse; }
    if (req.url ~ "%(?![0-9A-Fa-f]{2})") {
        set req.http.pr_message = {"""} + regsub(req.url, "^.*?(%(?![0-9A-Fa-f]{2}).{0,2}).*$", "\1")
            + {"" is not a percent-escape"};
        call pr_refuse;
    }
    if (req.url ~ "%") { call pr_decode; }
    if (req.url ~ {"["<>\[\]^`{|}]"}) { call pr_encode; }
    set req.http.pr_path = regsub(req.url, "\?.*$", "");
    if (req.http.pr_path ~ "%(?:[01][0-9A-F]|7F)") {
        set req.http.pr_message = "the path holds a control character"; call pr_refuse;
    }
    if (req.url ~ "\?.*%(?:0[0-8BCEF]|1[0-9A-F]|7F)") {
        set req.http.pr_message = "the query holds a control character"; call pr_refuse;
    }
    if (req.http.pr_path ~ "%C[01]%[89AB]|%E0%[89]|%F0%8") {
        set req.http.pr_message =
            regsub(req.http.pr_path, "^.*?(%C[01]%[89AB]|%E0%[89]|%F0%8).*$", "\1")
            + " in the path begins an overlong character";
        call pr_refuse;
    }
    if (req.http.pr_path ~ "(?:^|/|%2F|%5C)\.\.?(?=\z|/|%2F|%5C|;|%3B)") {
        set req.http.pr_message = "the path holds a dot segment"; call pr_refuse;
    }
    # Some origins take /admin;x for /admin, which rules may protect. Property(path_parameters="keep") takes such
    # paths.
    if (req.http.pr_path ~ ";") {
        set req.http.pr_message = "the path has parameters after a semicolon"; call pr_refuse;
    }
    if (req.http.pr_path ~ "%(?:2F|5C)") {
        set req.http.pr_message = regsub(req.http.pr_path, "^.*?%(2F|5C).*$", "\1");
        if (req.http.pr_message == "2F") {
            set req.http.pr_message = "the path holds an encoded slash, %2F";
        } else {
            set req.http.pr_message = "the path holds an encoded backslash, %5C";
        }
        call pr_refuse;
    }
}

sub pr_decode {
    # First the letters of the escapes in upper case: VCL has no function for that.
    set req.url = regsuball(req.url, "%a([0-9A-Fa-f])", "%A\1");
    set req.url = regsuball(req.url, "%([0-9A-F])a", "%\1A");
    set req.url = regsuball(req.url, "%b([0-9A-Fa-f])", "%B\1");
    set req.url = regsuball(req.url, "%([0-9A-F])b", "%\1B");
    set req.url = regsuball(req.url, "%c([0-9A-Fa-f])", "%C\1");
    set req.url = regsuball(req.url, "%([0-9A-F])c", "%\1C");
    set req.url = regsuball(req.url, "%d([0-9A-Fa-f])", "%D\1");
    set req.url = regsuball(req.url, "%([0-9A-F])d", "%\1D");
    set req.url = regsuball(req.url, "%e([0-9A-Fa-f])", "%E\1");
    set req.url = regsuball(req.url, "%([0-9A-F])e", "%\1E");
    set req.url = regsuball(req.url, "%f([0-9A-Fa-f])", "%F\1");
    set req.url = regsuball(req.url, "%([0-9A-F])f", "%\1F");
    if (req.url ~ "%(?:2[DE]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])") {
        set req.url = regsuball(req.url, "%2D", "-");
        set req.url = regsuball(req.url, "%2E", ".");
        set req.url = regsuball(req.url, "%30", "0");
        set req.url = regsuball(req.url, "%31", "1");
        set req.url = regsuball(req.url, "%32", "2");
        set req.url = regsuball(req.url, "%33", "3");
        set req.url = regsuball(req.url, "%34", "4");
        set req.url = regsuball(req.url, "%35", "5");
        set req.url = regsuball(req.url, "%36", "6");
        set req.url = regsuball(req.url, "%37", "7");
        set req.url = regsuball(req.url, "%38", "8");
        set req.url = regsuball(req.url, "%39", "9");
        set req.url = regsuball(req.url, "%41", "A");
        set req.url = regsuball(req.url, "%42", "B");
        set req.url = regsuball(req.url, "%43", "C");
        set req.url = regsuball(req.url, "%44", "D");
        set req.url = regsuball(req.url, "%45", "E");
        set req.url = regsuball(req.url, "%46", "F");
        set req.url = regsuball(req.url, "%47", "G");
        set req.url = regsuball(req.url, "%48", "H");
        set req.url = regsuball(req.url, "%49", "I");
        set req.url = regsuball(req.url, "%4A", "J");
        set req.url = regsuball(req.url, "%4B", "K");
        set req.url = regsuball(req.url, "%4C", "L");
        set req.url = regsuball(req.url, "%4D", "M");
        set req.url = regsuball(req.url, "%4E", "N");
        set req.url = regsuball(req.url, "%4F", "O");
        set req.url = regsuball(req.url, "%50", "P");
        set req.url = regsuball(req.url, "%51", "Q");
        set req.url = regsuball(req.url, "%52", "R");
        set req.url = regsuball(req.url, "%53", "S");
        set req.url = regsuball(req.url, "%54", "T");
        set req.url = regsuball(req.url, "%55", "U");
        set req.url = regsuball(req.url, "%56", "V");
        set req.url = regsuball(req.url, "%57", "W");
        set req.url = regsuball(req.url, "%58", "X");
        set req.url = regsuball(req.url, "%59", "Y");
        set req.url = regsuball(req.url, "%5A", "Z");
        set req.url = regsuball(req.url, "%5F", "_");
        set req.url = regsuball(req.url, "%61", "a");
        set req.url = regsuball(req.url, "%62", "b");
        set req.url = regsuball(req.url, "%63", "c");
        set req.url = regsuball(req.url, "%64", "d");
        set req.url = regsuball(req.url, "%65", "e");
        set req.url = regsuball(req.url, "%66", "f");
        set req.url = regsuball(req.url, "%67", "g");
        set req.url = regsuball(req.url, "%68", "h");
        set req.url = regsuball(req.url, "%69", "i");
        set req.url = regsuball(req.url, "%6A", "j");
        set req.url = regsuball(req.url, "%6B", "k");
        set req.url = regsuball(req.url, "%6C", "l");
        set req.url = regsuball(req.url, "%6D", "m");
        set req.url = regsuball(req.url, "%6E", "n");
        set req.url = regsuball(req.url, "%6F", "o");
        set req.url = regsuball(req.url, "%70", "p");
        set req.url = regsuball(req.url, "%71", "q");
        set req.url = regsuball(req.url, "%72", "r");
        set req.url = regsuball(req.url, "%73", "s");
        set req.url = regsuball(req.url, "%74", "t");
        set req.url = regsuball(req.url, "%75", "u");
        set req.url = regsuball(req.url, "%76", "v");
        set req.url = regsuball(req.url, "%77", "w");
        set req.url = regsuball(req.url, "%78", "x");
        set req.url = regsuball(req.url, "%79", "y");
        set req.url = regsuball(req.url, "%7A", "z");
        set req.url = regsuball(req.url, "%7E", "~");
    }
}

sub pr_encode {
    set req.url = regsuball(req.url, "\x22", "%22");
    set req.url = regsuball(req.url, "<", "%3C");
    set req.url = regsuball(req.url, ">", "%3E");
    set req.url = regsuball(req.url, "\[", "%5B");
    set req.url = regsuball(req.url, "\]", "%5D");
    set req.url = regsuball(req.url, "\^", "%5E");
    set req.url = regsuball(req.url, "`", "%60");
    set req.url = regsuball(req.url, "\{", "%7B");
    set req.url = regsuball(req.url, "\|", "%7C");
    set req.url = regsuball(req.url, "\}", "%7D");
}

sub pr_seen_path {
    # One slash for several; conditions see no needless escapes either.
    set req.http.pr_path = regsuball(req.http.pr_sent, "//+", "/");
    set req.http.pr_uri = req.http.pr_path;
    if (req.http.pr_path ~ "%(?:2[146-9ABC]|3[ABD]|40|5[BDE]|7[BCD])") {
        set req.http.pr_path = regsuball(req.http.pr_path, "%21", "!");
        set req.http.pr_path = regsuball(req.http.pr_path, "%24", "$");
        set req.http.pr_path = regsuball(req.http.pr_path, "%26", "&");
        set req.http.pr_path = regsuball(req.http.pr_path, "%27", "'");
        set req.http.pr_path = regsuball(req.http.pr_path, "%28", "(");
        set req.http.pr_path = regsuball(req.http.pr_path, "%29", ")");
        set req.http.pr_path = regsuball(req.http.pr_path, "%2A", "*");
        set req.http.pr_path = regsuball(req.http.pr_path, "%2B", "+");
        set req.http.pr_path = regsuball(req.http.pr_path, "%2C", ",");
        set req.http.pr_path = regsuball(req.http.pr_path, "%3A", ":");
        set req.http.pr_path = regsuball(req.http.pr_path, "%3B", ";");
        set req.http.pr_path = regsuball(req.http.pr_path, "%3D", "=");
        set req.http.pr_path = regsuball(req.http.pr_path, "%40", "@");
        set req.http.pr_path = regsuball(req.http.pr_path, "%5B", "[");
        set req.http.pr_path = regsuball(req.http.pr_path, "%5D", "]");
        set req.http.pr_path = regsuball(req.http.pr_path, "%5E", "^");
        set req.http.pr_path = regsuball(req.http.pr_path, "%7B", "{");
        set req.http.pr_path = regsuball(req.http.pr_path, "%7C", "|");
        set req.http.pr_path = regsuball(req.http.pr_path, "%7D", "}");
    }
}

sub pr_host {
    # In lower case, without the port of the scheme (E2).
    if (!req.http.host || req.http.host == "") {
        if (req.proto != "HTTP/1.0") { set req.http.pr_message = "missing Host header"; call pr_refuse; }
        set req.http.host = "www.shop.example";
    }
    if (req.http.host !~ "(?i)^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::[0-9]{0,5})?\z") {
        set req.http.pr_message = "invalid Host header"; call pr_refuse;
    }
    if (req.http.host ~ "[A-Z.:]") {
        set req.http.host = regsub(std.tolower(req.http.host), "\.(?=:|\z)", "");
        if (req.http.pr_scheme == "https") { set req.http.host = regsub(req.http.host, ":(?:443)?\z", ""); }
        else { set req.http.host = regsub(req.http.host, ":(?:80)?\z", ""); }
    }
    if (req.http.host ~ "^(?:localhost|.*\.localhost|127\.[0-9.]+|\[::1\])(?::\d+)?\z") {
        set req.http.host = "www.shop.example";
    }
    if (req.http.host !~ "^(?:www\.shop\.example)(?::[0-9]+)?\z") {
        set req.http.pr_answer = "plain";
        set req.http.pr_message = regsub(req.http.host, ":.*$", "") + " is not a hostname of this site";
        return (synth(421));
    }
    set req.http.host = regsub(req.http.host, ":\d+\z", "");
}

sub pr_parameters {
    # What prefetching clients add to the query is in no cache key, and no origin gets it (E4).
    if (req.http.pr_query ~ "^edgio_[^&]*(?:&edgio_[^&]*)*\z") {
        set req.http.pr_ours = req.http.pr_query;
        set req.http.pr_rest = "";
    } else {
        set req.http.pr_ours =
            regsub(regsuball(req.http.pr_query, "(?<![^&])(?!edgio_)[^&]*(?:&|\z)", ""), "&\z", "");
        set req.http.pr_rest = regsub(regsuball(req.http.pr_query, "(?<![^&])edgio_[^&]*(?:&|\z)", ""), "&\z", "");
    }
    if (req.http.pr_ours ~ "(?:^|&)edgio_prefetch=1(?:&|\z)") {
        set req.http.pr_prefetch = "only";
    } elsif (req.http.pr_ours ~ "(?:^|&)edgio_dt_pf=1(?:&|\z)") {
        set req.http.pr_prefetch = "any";
    }
}

sub pr_foreign_prefetch {
    # A browser or another library says that it prefetches (E32).
    std.collect(req.http.Sec-Purpose);
    if (req.http.Sec-Purpose ~ "(?i)(?:^|,)[ \t]*prefetch[ \t]*(?:;|,|\z)"
        || req.http.Purpose ~ "(?i)^[ \t]*(?:prefetch|preview)[ \t]*\z"
        || req.http.X-Purpose ~ "(?i)^[ \t]*(?:prefetch|preview)[ \t]*\z"
        || req.http.X-Moz ~ "(?i)^[ \t]*(?:prefetch|preview)[ \t]*\z") {
        set req.http.pr_foreign = "1";
    }
}

sub pr_parts_of_url {
    set req.http.pr_sent = regsub(req.url, "\?.*$", "");
    if (req.http.pr_sent ~ "^/__edgio__") { call pr_find_file; }
    set req.http.pr_path = req.http.pr_sent;
    set req.http.pr_uri = req.http.pr_sent;
    if (req.http.pr_sent ~ "//|%") { call pr_seen_path; }
    if (req.url ~ "\?") {
        set req.http.pr_query = regsub(req.url, "^[^?]*\?", "");
        set req.http.pr_rest = req.http.pr_query;
        if (req.url ~ "\?\z") { set req.http.pr_bare = "1"; }
    }
}

sub pr_request {
    if (req.method != "GET" && (req.method == "CONNECT" || req.method == "TRACE")) {
        set req.http.pr_message = req.method + " is not supported"; set req.http.pr_answer = "plain";
        return (synth(501));
    }
    if (req.http.Upgrade && req.http.Upgrade ~ "(?i)(?:^|,)[ \t]*websocket[ \t]*(?:,|\z)"
        && req.http.Connection ~ "(?i)(?:^|,)[ \t]*upgrade[ \t]*(?:,|\z)") {
        set req.http.pr_message = "WebSocket connections are not supported; connect to the origin itself";
        set req.http.pr_answer = "plain";
        return (synth(501));
    }
    # Most targets are in canonical form already, as this says at once.
    if (req.url ~ "^[^/]|[^A-Za-z0-9._~!$&'()*+,;=:@/?-]|/\.|^[^?]*;") { call pr_target; }
    call pr_scheme;
    call pr_facts;
    if (req.http.host != "www.shop.example") { call pr_host; }
    set req.http.pr_query = "";
    set req.http.pr_rest = "";
    set req.http.pr_sent = req.url;
    set req.http.pr_path = req.url;
    set req.http.pr_uri = req.url;
    # Most have none of these.
    if (req.url ~ "\?|//|%|^/__edgio__") { call pr_parts_of_url; }
    set req.http.pr_first_path = req.http.pr_sent;
    if (req.http.pr_query != "" && req.http.pr_query ~ "(?:^|&)edgio_") { call pr_parameters; }
    elsif (req.http.Sec-Purpose || req.http.Purpose || req.http.X-Purpose || req.http.X-Moz) {
        call pr_foreign_prefetch;
    }
    if (req.http.Cache-Control) {
        std.collect(req.http.Cache-Control);
        set req.http.pr_control = req.http.Cache-Control;     # Varnish leaves it out of fetches
    }
    if (req.http.Cookie) { std.collect(req.http.Cookie, "; "); }
}

sub pr_follow_rewrite {
    # One of the rewrites that apply: those after it see its result.
    set req.http.pr_sent = regsub(req.http.pr_place, "\?.*\z", "");
    set req.http.pr_rest = "";
    if (req.http.pr_place ~ "\?") { set req.http.pr_rest = regsub(req.http.pr_place, "^[^?]*\?", ""); }
    if (req.http.pr_sent ~ "(?:^|/|%2F|%5C)\.\.?(?=\z|/|%2F|%5C|;|%3B)") {
        set req.http.pr_message = "a rewrite leads to " + req.http.pr_sent + ": the path holds a dot segment";
        call pr_refuse;
    }
    set req.http.pr_origin_uri = regsuball(req.http.pr_sent, "//+", "/");
}

sub pr_rewritten {
    set req.http.pr_origin_path = req.http.pr_origin_uri;
    if (req.http.pr_origin_path ~ "%(?:2[146-9ABC]|3[ABD]|40|5[BDE]|7[BCD])") {
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%21", "!");
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%24", "$");
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%26", "&");
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%27", "'");
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%28", "(");
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%29", ")");
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%2A", "*");
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%2B", "+");
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%2C", ",");
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%3A", ":");
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%3B", ";");
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%3D", "=");
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%40", "@");
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%5B", "[");
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%5D", "]");
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%5E", "^");
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%7B", "{");
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%7C", "|");
        set req.http.pr_origin_path = regsuball(req.http.pr_origin_path, "%7D", "}");
    }
    set req.http.pr_origin_query = req.http.pr_rest;
    if (req.http.pr_ours) {
        if (req.http.pr_rest == "") { set req.http.pr_origin_query = req.http.pr_ours; }
        else { set req.http.pr_origin_query = req.http.pr_rest + "&" + req.http.pr_ours; }
    }
}

# ---- What the rules decide before the cache lookup

sub pr_early {
    set req.url = req.http.pr_sent;
    if (req.http.pr_rest != "") { set req.url = req.url + "?" + req.http.pr_rest; }
    if (req.http.pr_location || req.http.pr_set ~ "\t(?:deny_access|set_done)=true\t|\tset_status_code=") { call pr_made_early; }
    call pr_make_key;
    call pr_prefetching;
    call pr_passing;
    # Blanks around commas make no difference to Vary (E13); the origin gets the header as it came.
    if (req.http.Accept && req.http.Accept ~ ",[ \t]|[ \t],") {
        set req.http.pr_accept = req.http.Accept;
        set req.http.Accept = regsuball(req.http.Accept, "[ \t]*,[ \t]*", ",");
    }
    if (req.http.Accept-Language && req.http.Accept-Language ~ ",[ \t]|[ \t],") {
        set req.http.pr_language = req.http.Accept-Language;
        set req.http.Accept-Language = regsuball(req.http.Accept-Language, "[ \t]*,[ \t]*", ",");
    }
}

sub pr_made_early {
    # The rules make the response: no cache, no origin (E28).
    if (req.http.pr_set ~ "\tdeny_access=true\t(?!(?:.*\t)?deny_access=)") { set req.http.pr_answer = "rules"; set req.http.pr_made = "denied"; return (synth(403)); }
    if (req.http.pr_location) { call pr_redirects_elsewhere; }
    if (req.http.pr_location) { set req.http.pr_answer = "rules"; set req.http.pr_made = "redirect"; return (synth(302)); }
    if (req.http.pr_set ~ "\tset_status_code=3[0-9][0-9]\t(?!(?:.*\t)?set_status_code=)" && req.http.pr_set ~ "\tsets_location\t|\tset_response_headers\.location=") {
        set req.http.pr_answer = "rules"; set req.http.pr_made = "status"; return (synth(302));
    }
    if ((req.http.pr_prefetch || req.http.pr_foreign) && req.http.pr_set ~ "\tset_done=true\t"
        && req.http.pr_set ~ "\tset_status_code=(?:20[456]|304)\t(?!(?:.*\t)?set_status_code=)") {
        # It would leave a link that does nothing (E33).
        set req.http.pr_answer = "refused";
        if (req.http.pr_foreign) { return (synth(503)); }
        return (synth(412));
    }
    if (req.http.pr_set ~ "\tset_done=true\t(?!(?:.*\t)?set_done=)") { set req.http.pr_answer = "rules"; set req.http.pr_made = "done"; return (synth(200)); }
}

sub pr_redirects_elsewhere {
    # A redirect to the same request again would never end. With a cookie the next one is another (E28).
    if ((req.method == "GET" || req.method == "HEAD" || req.http.pr_location_status ~ "^30[78]\z") && req.http.pr_set !~ "\tsets_cookie\t|\tset_response_headers\.set-cookie=") {
        set req.http.pr_number = regsub(req.http.pr_location, "#.*\z", "");
        set req.http.pr_place = req.http.pr_scheme + "://" + req.http.host;
        if (regsub(req.http.pr_number, "^(?i)(https?://[^/?]*).*\z", "\1") == req.http.pr_place) {
            set req.http.pr_number = regsub(req.http.pr_number, "^(?i)https?://[^/?]*", "");
            if (req.http.pr_number !~ "^/") { set req.http.pr_number = "/" + req.http.pr_number; }
        }
        set req.http.pr_number = regsub(regsuball(req.http.pr_number, "([?&])(?:edgio_[^&]*&?)+", "\1"), "[?&]\z", "");
        set req.http.pr_place = req.http.pr_first_path;
        if (req.http.pr_rest != "") { set req.http.pr_place = req.http.pr_place + "?" + req.http.pr_rest; }
        if (req.http.pr_number == req.http.pr_place) { unset req.http.pr_location; }
    }
}

sub pr_prefetching {
    if (req.http.pr_prefetch == "only") {
        set req.http.pr_no_refresh = "1";
        if (req.http.pr_set !~ "\tallow_prefetching_uncached_content=true\t(?!(?:.*\t)?allow_prefetching_uncached_content=)") { set req.http.pr_no_fetch = "1"; }
    }
    elsif (req.http.pr_foreign && req.method == "GET" && req.http.pr_set ~ "\tmax_age\."
        && req.http.pr_set ~ "\tservice_worker_max_age=[1-9][^\t]*\t(?!(?:.*\t)?service_worker_max_age=)"
        && req.http.pr_set !~ "\t(?:bypass_cache|allow_prefetching_uncached_content)=true\t") {
        set req.http.pr_no_refresh = "1"; set req.http.pr_no_fetch = "1";
    }
}

sub pr_passing {
    # What is neither stored nor answered from the cache (E8 to E10).
    if (req.method != "GET") {
        if (req.method == "HEAD") {
            set req.http.pr_quiet = "1"; set req.http.pr_no_refresh = "1";
        } else {
            set req.http.pr_pass = "1"; set req.http.pr_fwd = "method";
        }
    }
    if (req.http.Authorization && !req.http.pr_keyed_by_user) { set req.http.pr_pass = "1"; }
    if (req.http.If-Match || req.http.If-Unmodified-Since) { set req.http.pr_pass = "1"; }
    if ((req.http.Transfer-Encoding || (req.http.Content-Length && req.http.Content-Length != "0"))
        && (req.method == "GET" || req.method == "HEAD")) {
        set req.http.pr_pass = "1";
    }
    if (req.http.pr_set ~ "\tbypass_cache=true\t(?!(?:.*\t)?bypass_cache=)") { set req.http.pr_pass = "1"; }
    if (req.http.Cache-Control || req.http.Pragma) { call pr_request_directives; }
}

sub pr_request_directives {
    if (req.http.Cache-Control ~ "(?i)(?:^|,)[ \t]*no-store[ \t]*(?:,|=|\z)") {
        set req.http.pr_no_store = "1"; set req.http.pr_quiet = "1"; set req.http.pr_no_refresh = "1";
    }
    if (req.http.pr_set ~ "\thonor_no_cache_request_header=true\t(?!(?:.*\t)?honor_no_cache_request_header=)") {
        if (req.http.Cache-Control ~ "(?i)(?:^|,)[ \t]*no-cache[ \t]*(?:,|=|\z)" || req.http.Pragma ~ "(?i)(?:^|,)[ \t]*no-cache[ \t]*(?:,|\z)") {
            set req.http.pr_no_cache = "1";
        }
    }
}

# ---- The cache: which stored responses may be used, and which requests may reach the origin

sub pr_begin {
    call pr_request;
    call pr_rules;
    if (req.http.pr_set != "rules	") {
        # For varnishncsa: %{VCL_Log:rule}x is the line of the last rule that applies.
        std.log("rule:" + regsub(req.http.pr_set, "^(?:.*\tr=([^\t]*)\t)?.*\z", "\1"));
    }
    call pr_early;
}

sub vcl_recv {
    if (req.restarts == 0) {
        call pr_unset_own;
        call pr_begin;
    }
    call pr_choose_origin;
    if (req.http.pr_no_fetch) { set req.hash_ignore_busy = true; }     # a refusal does not wait
    # Every stored response is found; vcl_hit decides by the times that are stored with it.
    set req.grace = 1000d;
    if (req.http.pr_retry) { set req.grace = std.duration(req.http.pr_retry + "s", 0s); }
    if (req.http.pr_no_cache && req.http.pr_retry) { set req.ttl = 0.001s; }
    if (req.http.pr_pass) { return (pass); }
    return (hash);
}

sub pr_may_fetch {
    # Before each way to the origin (E6, E22, E32).
    if (req.http.pr_no_fetch) {
        set req.http.pr_answer = "refused";
        if (req.http.pr_foreign) { return (synth(503)); }
        return (synth(412));
    }
    if (req.http.Cache-Control ~ "(?i)(?:^|,)[ \t]*only-if-cached[ \t]*(?:,|=|\z)") {
        set req.http.pr_message = "No stored response can be used."; set req.http.pr_answer = "plain";
        return (synth(504));
    }
}

sub vcl_hash {
    hash_data(req.http.pr_key);
    return (lookup);
}

sub vcl_hit {
    set req.http.pr_cache = "hit";
    if (req.http.pr_stale) {
        # The origin failed, and so the stored response is used as long as stale_on_error allows (E17).
        set req.http.pr_cache = "stale-error";
        return (deliver);
    }
    if (!req.http.pr_no_cache) {
        if (obj.ttl > 0s) { return (deliver); }
        if (obj.ttl + std.duration(obj.http.pr_swr + "s", 0s) > 0s) { return (deliver); }
    }
    call pr_may_fetch;
    set req.http.pr_fwd = "stale";
    if (obj.ttl > 0s) { set req.http.pr_fwd = "request"; }
    unset req.http.pr_sie;
    if (obj.ttl + std.duration(obj.http.pr_sie + "s", 0s) > 0s) {
        set req.http.pr_sie = "1";
        if (req.http.pr_timer && vsthrottle.remaining("d" + req.http.pr_origin, 1, std.duration(req.http.pr_timer + "s", 1s)) == 0) {
            set req.http.pr_cache = "stale-error"; set req.http.pr_no_refresh = "1";
            return (deliver);
        }
    }
    # Look again without it: the fetch is then shared by all who wait for it, and validates it (E16).
    set req.http.pr_retry = obj.http.pr_swr;
    if (!req.http.pr_retry || req.http.pr_no_cache) { set req.http.pr_retry = "0"; }
    return (restart);
}

sub vcl_miss {
    call pr_may_fetch;
    set req.http.pr_cache = "miss";
    if (!req.http.pr_fwd) { set req.http.pr_fwd = "uri-miss"; }
    # Requests that waited for a failed fetch get its error, and no new fetch (E17, E19).
    if (now - req.time > 0.05s) {
        if (req.http.pr_sie && !req.http.pr_stale && vsthrottle.remaining("f" + req.http.pr_key, 1, 0.2s) == 0) {
            set req.http.pr_stale = "1"; unset req.http.pr_retry;
            return (restart);
        }
        if (vsthrottle.remaining("e" + req.http.pr_key, 1, 0.2s) == 0) {
            set req.http.pr_answer = "plain"; set req.http.pr_message = "No response from the origin";
            return (synth(502));
        }
    }
    if (req.http.pr_quiet) { return (pass); }                          # HEAD stays HEAD (E8)
    return (fetch);
}

sub vcl_pass {
    call pr_may_fetch;
    set req.http.pr_cache = "pass";
    if (!req.http.pr_fwd) { set req.http.pr_fwd = "bypass"; }
    return (fetch);
}

sub vcl_purge { return (synth(405)); }
sub vcl_pipe { return (synth(501)); }

# ---- Origins: what they get, and what is stored of what they send

sub vcl_backend_fetch {
    if (bereq.http.pr_set) { call pr_prepare_fetch; }
    unset bereq.http.X-Varnish;     # a retry has it again
    return (fetch);
}

sub pr_prepare_fetch {
    if (bereq.is_bgfetch) {
        # A prefetch, a HEAD and a request with no-store start no refresh (E6, E15).
        if (bereq.http.pr_no_refresh || bereq.http.pr_stale || bereq.http.pr_retry) { return (abandon); }
        # It is a request of this cache, which wants what the client had no wish for (E22).
        if (bereq.http.pr_control) {
            set bereq.http.pr_control = regsub(regsuball(bereq.http.pr_control, "(?i)(?:^|,)[ \t]*only-if-cached[ \t]*(?=,|\z)", ""), "^[ \t]*,[ \t]*", "");
            if (bereq.http.pr_control == "") { unset bereq.http.pr_control; }
            unset bereq.http.Cache-Control;
        }
        if (bereq.http.pr_timer && vsthrottle.remaining("d" + bereq.http.pr_origin, 1, std.duration(bereq.http.pr_timer + "s", 1s)) == 0) {
            return (abandon);
        }
    }
    var.set("set", bereq.http.pr_set); var.set("key", bereq.http.pr_key); var.set("origin", bereq.http.pr_origin);
    var.set("retry", bereq.http.pr_retry); var.set("sie", bereq.http.pr_sie); var.set("stale", bereq.http.pr_stale);
    var.set("timer", bereq.http.pr_timer); var.set("no_store", bereq.http.pr_no_store);
    var.set("scheme", bereq.http.pr_scheme); var.set("tag", bereq.http.pr_tag);
    var.set("writes", "" + vsthrottle.remaining("writes", 1000000000, 1000000y));
    # Responses vary by what the client sent, so these are put back before the response is stored (E13).
    var.set("for", bereq.http.X-Forwarded-For); var.set("proto", bereq.http.X-Forwarded-Proto);
    var.set("host", bereq.http.X-Forwarded-Host); var.set("via", bereq.http.Via);
    var.set("pr_accept", bereq.http.Accept);
    if (bereq.http.pr_accept) { set bereq.http.Accept = bereq.http.pr_accept; }
    var.set("pr_language", bereq.http.Accept-Language);
    if (bereq.http.pr_language) { set bereq.http.Accept-Language = bereq.http.pr_language; }
    if (bereq.http.pr_control && !bereq.http.Cache-Control) { set bereq.http.Cache-Control = bereq.http.pr_control; }
    if (bereq.http.pr_idle) { set bereq.between_bytes_timeout = std.duration(bereq.http.pr_idle + "s", 60s); }
    var.set("special", bereq.http.pr_special); var.set("hosts", bereq.http.pr_hosts); var.set("site", bereq.http.pr_site);
    call pr_save_headers;
    call pr_request_headers;
}

sub pr_request_headers {
    # By none of these may a client pretend to be the edge (E3).
    header.regsub(bereq, "(?i)^(?!pr_h_)(?:akamai-client-ip|ali-cdn-real-ip|base-url|cdn-src-ip|cf-connecting-ip[^:]*|cf-pseudo-ipv4|cf-visitor|client-cert|client-cert-chain|client-ip|cloudfront-forwarded-proto|cloudfront-viewer-address|do-connecting-ip|expect|fastly-client-ip|fly-client-ip|forwarded|forwarded-for|front-end-https|host-override|http-client-ip|http-host|http-method-override|http-x-forwarded-for|http2-settings|https|incap-client-ip|original-host|originating-ip|path-info|proxy|proxy-[^:]*|proxy-client-ip|real-ip|remote-addr|remote-host|remote-ip|remote-user|request-uri|script-name|server-name|server-port|source-ip|ssl-client-[^:]*|surrogate-capability|true-client-ip|url-scheme|wl-proxy-client-ip|x-accel-[^:]*|x-appengine-remote-addr|x-appengine-user-ip|x-appservice-proto|x-arr-clientcert|x-arr-ssl|x-azure-clientip|x-azure-socketip|x-backend-host|x-client-addr|x-client-address|x-client-cert[^:]*|x-client-host|x-client-ip|x-client-real-ip|x-client-verify|x-cluster-client-ip|x-coming-from|x-custom-ip-authorization|x-ec-client-ip|x-ec-surrogate-capability|x-edge-client-ip|x-envoy-external-address|x-envoy-original-path|x-forward-for|x-forwarded|x-forwarded-[^:]*|x-forwarder-for|x-host|x-host-name|x-host-override|x-hostname|x-http-client-ip|x-http-host|x-http-host-override|x-http-method|x-http-method-override|x-https|x-invoke-[^:]*|x-ip|x-matched-path|x-method|x-method-override|x-middleware-next|x-middleware-override-headers|x-middleware-redirect|x-middleware-rewrite|x-middleware-set-cookie|x-middleware-skip|x-middleware-subrequest[^:]*|x-ms-forwarded-client-ip|x-nf-client-connection-ip|x-now-route-matches|x-original-client-ip|x-original-forwarded-for|x-original-host|x-original-method|x-original-path|x-original-port|x-original-proto|x-original-remote-addr|x-original-scheme|x-original-uri|x-original-url|x-originally-forwarded-for|x-originating-ip|x-override-method|x-override-url|x-path-info|x-port|x-proto|x-proxy-client-ip|x-proxyuser-ip|x-real-ip|x-remote-addr|x-remote-host|x-remote-ip|x-remote-user|x-request-method|x-request-scheme|x-request-uri|x-rewrite-host|x-rewrite-path|x-rewrite-uri|x-rewrite-url|x-scheme|x-script-name|x-sendfile-type|x-server-name|x-server-port|x-source-ip|x-ssl-[^:]*|x-sucuri-clientip|x-transfer-encoding|x-true-client-ip|x-true-ip|x-unencoded-url|x-uri|x-url-scheme|x-vercel-forwarded-for|x-vercel-proxied-for|x-wap-profile-ip|x-waws-unencoded-url|x-webauth-user|[^:]*[^A-Za-z0-9:-][^:]*):.*\z", "pr_dropped:");
    unset bereq.http.pr_dropped; unset bereq.http.X-Varnish; unset bereq.http.TE; unset bereq.http.Upgrade;
    unset bereq.http.Keep-Alive; unset bereq.http.Proxy-Connection;
    if (var.get("special") == "" || var.get("special") ~ "(?:^|,)x-forwarded-for(?:,|\z)") {
        set bereq.http.X-Forwarded-For = client.ip;
    }
    if (var.get("special") == "" || var.get("special") ~ "(?:^|,)x-forwarded-proto(?:,|\z)") {
        set bereq.http.X-Forwarded-Proto = var.get("scheme");
    }
    if (var.get("special") == "" || var.get("special") ~ "(?:^|,)x-forwarded-host(?:,|\z)") {
        set bereq.http.X-Forwarded-Host = bereq.http.host;
    }
    if (var.get("special") == "" || var.get("special") ~ "(?:^|,)via(?:,|\z)") {
        std.collect(bereq.http.Via);
        if (bereq.http.Via) { set bereq.http.Via = bereq.http.Via + ", 1.1 prefetchrouter"; }
        else { set bereq.http.Via = "1.1 prefetchrouter"; }
    }
    call pr_ruled_headers;
    call pr_host_header;
}

sub pr_failed {
    # A stored response stays in use; those who wait for this fetch do not ask again (E17).
    if (bereq.is_bgfetch || (var.get("retry") != "" && var.get("sie") == "1" && var.get("stale") != "1")) {
        if (vsthrottle.is_denied("f" + var.get("key"), 1, 0.2s)) { }
        return (abandon);
    }
}

sub vcl_backend_response {
    set bereq.http.X-Forwarded-For = var.get("for"); set bereq.http.X-Forwarded-Proto = var.get("proto");
    set bereq.http.X-Forwarded-Host = var.get("host"); set bereq.http.Via = var.get("via");
    if (var.get("pr_accept") != "") { set bereq.http.Accept = var.get("pr_accept"); }
    if (var.get("pr_language") != "") { set bereq.http.Accept-Language = var.get("pr_language"); }
    if (var.get("for") == "") { unset bereq.http.X-Forwarded-For; }
    if (var.get("proto") == "") { unset bereq.http.X-Forwarded-Proto; }
    if (var.get("host") == "") { unset bereq.http.X-Forwarded-Host; }
    if (var.get("via") == "") { unset bereq.http.Via; }
    unset beresp.http.pr_own; unset beresp.http.pr_swr; unset beresp.http.pr_sie; unset beresp.http.pr_at; unset beresp.http.pr_age; unset beresp.http.pr_early; unset beresp.http.pr_packed;
    unset beresp.http.pr_validated;
    set bereq.http.pr_set = var.get("set");
    set bereq.http.pr_origin_status = "" + beresp.status;
    call pr_restore_headers;
    if (beresp.status == 500 || (beresp.status >= 502 && beresp.status <= 504)) { call pr_failed; }
    set beresp.grace = 0s;
    set beresp.keep = 0s;
    call pr_keep;
    return (deliver);
}

sub vcl_backend_error {
    # There is no response (E26).
    if (var.get("timer") != "" && vsthrottle.is_denied("d" + var.get("origin"), 1, std.duration(var.get("timer") + "s", 1s))) { }
    call pr_failed;
    if (vsthrottle.is_denied("e" + var.get("key"), 1, 0.2s)) { }
    set beresp.status = 502;
    if (now - bereq.time >= 59.5s) { set beresp.status = 504; }        # first_byte_timeout is 60 s
    set beresp.http.Content-Type = "text/plain; charset=utf-8";
    set beresp.http.Cache-Control = "no-store";
    unset beresp.http.Server; unset beresp.http.Retry-After;
    set beresp.body = "No response from the origin" + {"
"};
    set beresp.http.pr_own = "1";
    set beresp.ttl = 0s; set beresp.grace = 0s; set beresp.keep = 0s;
    return (deliver);
}

sub pr_directives {
    # CDN-Cache-Control, if it is a valid Dictionary, counts in place of Cache-Control, Expires and Pragma (E34).
    std.collect(beresp.http.Cache-Control);
    set bereq.http.pr_cc = "" + beresp.http.Cache-Control;
    unset bereq.http.pr_targeted;
    if (beresp.http.CDN-Cache-Control) {
        std.collect(beresp.http.CDN-Cache-Control);
        if (beresp.http.CDN-Cache-Control ~ "^ *[a-z*][a-z0-9_.*-]*(?:=(?:-?[0-9]+(?:\.[0-9]+)?|\x22(?:[^\x22\\]|\\[\x22\\])*\x22|[A-Za-z*][^ ,;\x22()]*|\?[01]))?(?:; *[a-z*][a-z0-9_.*-]*(?:=(?:\x22(?:[^\x22\\]|\\[\x22\\])*\x22|[^ ,;\x22()]+))?)*(?:[ \t]*,[ \t]*[a-z*][a-z0-9_.*-]*(?:=(?:-?[0-9]+(?:\.[0-9]+)?|\x22(?:[^\x22\\]|\\[\x22\\])*\x22|[A-Za-z*][^ ,;\x22()]*|\?[01]))?(?:; *[a-z*][a-z0-9_.*-]*(?:=(?:\x22(?:[^\x22\\]|\\[\x22\\])*\x22|[^ ,;\x22()]+))?)*)* *\z") {
            set bereq.http.pr_cc = beresp.http.CDN-Cache-Control; set bereq.http.pr_targeted = "1";
        }
    }
    # A comma in quotes separates nothing.
    if (bereq.http.pr_cc ~ {"""}) { set bereq.http.pr_cc = regsuball(bereq.http.pr_cc, {"="(?:[^"\\]|\\.)*""}, "=?"); }
    unset bereq.http.pr_no_cache;
    if (bereq.http.pr_cc ~ "(?i)(?:^|,)[ \t]*no-cache[ \t]*(?:,|=|\z)"
        || (!beresp.http.Cache-Control && !bereq.http.pr_targeted && beresp.http.Pragma ~ "(?i)\bno-cache\b")) {
        set bereq.http.pr_no_cache = "1";
    }
}

sub pr_told_lifetime {
    # What the origin says: s-maxage, max-age or Expires, less the age on arrival (E11).
    unset bereq.http.pr_told;
    if (bereq.http.pr_cc ~ "(?i)(?:^|,)[ \t]*s-maxage[ \t]*=") {
        set bereq.http.pr_told = regsub(bereq.http.pr_cc, "(?i)^.*?(?:^|,)[ \t]*s-maxage[ \t]*=([^,]*).*\z", "\1");
        set bereq.http.pr_basis = "s-maxage";
    } elsif (bereq.http.pr_cc ~ "(?i)(?:^|,)[ \t]*max-age[ \t]*=") {
        set bereq.http.pr_told = regsub(bereq.http.pr_cc, "(?i)^.*?(?:^|,)[ \t]*max-age[ \t]*=([^,]*).*\z", "\1");
        set bereq.http.pr_basis = "max-age";
    }
    if (bereq.http.pr_told) {
        if (bereq.http.pr_told !~ "^[0-9]+[ \t]*\z") { set bereq.http.pr_told = "0"; }
        elsif (bereq.http.pr_told ~ "^[0-9]{10}") { set bereq.http.pr_told = "2147483648"; }
        set beresp.ttl = std.duration(bereq.http.pr_told + "s", 0s);
    } elsif (beresp.http.Expires && !bereq.http.pr_targeted) {
        set bereq.http.pr_told = "expires";
        set bereq.http.pr_basis = "expires";
        set beresp.ttl = std.time(beresp.http.Expires, std.real2time(0, now)) - std.time(beresp.http.Date, now);
    }
    if (bereq.http.pr_told) { set beresp.ttl = beresp.ttl - std.duration(bereq.http.pr_first_age + "s", 0s); }
}

sub pr_first_age {
    # How old the response is when it arrives, by Date and by Age (RFC 9111, section 4.2.3).
    set bereq.http.pr_first_age = "0";
    if (beresp.http.Age ~ "^[0-9]{1,9}\z") { set bereq.http.pr_first_age = beresp.http.Age; }
    elsif (beresp.http.Age) { unset beresp.http.Age; }
    if (beresp.http.Date && now - std.time(beresp.http.Date, now) >= std.duration(bereq.http.pr_first_age + "s", 0s) + 1s) {
        set bereq.http.pr_number = "" + std.integer(real=std.time2real(now, 0.0) - std.time2real(std.time(beresp.http.Date, now), 0.0));
        set beresp.http.pr_age = "" + std.integer(real=std.real(bereq.http.pr_number, 0.0) - std.real(bereq.http.pr_first_age, 0.0));
        set bereq.http.pr_first_age = bereq.http.pr_number;
    }
}

sub pr_keep {
    # E10, E11 and E12: whether the response is stored, and how long it is fresh.
    if (bereq.http.pr_set ~ "\tl[0-9]") { call pr_late_keep; }
    if (bereq.http.pr_set ~ "\t(?:o\.|k[0-9])") { call pr_origin_headers; }
    if (!bereq.uncacheable) { call pr_store; }
}

sub pr_store {
    unset bereq.http.pr_why; unset bereq.http.pr_overruled; unset bereq.http.pr_cacheable; unset bereq.http.pr_told;
    set bereq.http.pr_basis = "none";
    call pr_directives;
    call pr_first_age;
    if (bereq.http.pr_set ~ "\tignore_origin_no_cache=") {
        set bereq.http.pr_number = beresp.status + ":" + regsub(bereq.http.pr_set, "^.*\tignore_origin_no_cache=([^\t]*)\t.*\z", "\1");
        if (bereq.http.pr_number ~ "^([0-9]+):(?:.*,)?\1(?:,|\z)") { set bereq.http.pr_overruled = "1"; unset bereq.http.pr_no_cache; }
    }
    if (beresp.status < 200 || beresp.status == 206 || beresp.status == 304) { set bereq.http.pr_why = "status"; }
    elsif (!bereq.http.pr_overruled && bereq.http.pr_cc ~ "(?i)(?:^|,)[ \t]*(?:no-store|private)[ \t]*(?:,|=|\z)") { set bereq.http.pr_why = "no-store"; }
    elsif (beresp.http.Set-Cookie) { set bereq.http.pr_why = "set-cookie"; }
    elsif (beresp.http.Vary ~ "\*|[^A-Za-z0-9!#$%&'+.^_`|~, \t-]") { set bereq.http.pr_why = "vary"; }
    elsif (var.get("no_store") == "1") { set bereq.http.pr_why = "request"; }
    elsif (bereq.http.pr_set ~ "\tbypass_cache=true\t(?!(?:.*\t)?bypass_cache=)") { set bereq.http.pr_why = "bypass"; }
    elsif (bereq.http.pr_set ~ "\tdeny_access=true\t(?!(?:.*\t)?deny_access=)") { set bereq.http.pr_why = "denied"; }
    if (!bereq.http.pr_why) { call pr_lifetime; }
    if (!bereq.http.pr_why && var.get("writes") != "" + vsthrottle.remaining("writes", 1000000000, 1000000y)
        && vsthrottle.remaining("w" + var.get("tag"), 1, 60s) == 0) {
        set bereq.http.pr_why = "a write while it was on its way";     # E21
    }
    if (!bereq.http.pr_why && beresp.ttl <= 0s && !beresp.http.ETag && !beresp.http.Last-Modified) { set bereq.http.pr_why = "expired"; }
    if (bereq.http.pr_why) {
        # For ten seconds requests for this key do not wait for each other (E19).
        set beresp.uncacheable = true; set beresp.ttl = 10s; set beresp.grace = 0s; set beresp.keep = 0s;
        # A failure does not hide an expired response, which is validated next time (E10).
        if (var.get("retry") != "" && (beresp.status == 500 || (beresp.status >= 502 && beresp.status <= 504))) { set beresp.ttl = 0s; }
    } else {
        call pr_stale_times;
        set beresp.http.xkey = "u:" + var.get("tag");
        if (bereq.http.pr_set ~ "\tpurge_tags=") {
            set beresp.http.xkey = beresp.http.xkey + " " + regsub(bereq.http.pr_set, "^.*\tpurge_tags=([^\t]*)\t.*\z", "\1");
        }
        set beresp.http.pr_at = "" + std.time2real(now, 0.0);
    }
}

sub pr_lifetime {
    set bereq.http.pr_number = beresp.status + "	" + bereq.http.pr_set;
    if (beresp.status == 200) { set bereq.http.pr_cacheable = "1"; }
    elsif (bereq.http.pr_set ~ "\tcacheable_status_codes=") {
        set bereq.http.pr_number = beresp.status + ":" + regsub(bereq.http.pr_set, "^.*\tcacheable_status_codes=([^\t]*)\t.*\z", "\1");
        if (bereq.http.pr_number ~ "^([0-9]+):(?:.*,)?\1(?:,|\z)") { set bereq.http.pr_cacheable = "1"; }
        set bereq.http.pr_number = beresp.status + "	" + bereq.http.pr_set;
    }
    if (bereq.http.pr_number ~ "^([0-9]+)\t.*(?<=\t)max_age\.\1=") {
        set bereq.http.pr_basis = "rule";
        set bereq.http.pr_told = regsub(bereq.http.pr_number, "^([0-9]+)\t.*(?<=\t)max_age\.\1=([^\t]*)\t.*\z", "\2");
        if (bereq.http.pr_no_cache || bereq.http.pr_told ~ "^(?:-|0\z)") { set bereq.http.pr_why = "a rule says so"; }
        else { set beresp.ttl = std.duration(bereq.http.pr_told + "s", 0s); }
    } else {
        if (bereq.http.pr_cacheable) { call pr_told_lifetime; }
        if (bereq.http.pr_told) {
            if (bereq.http.pr_no_cache) { set beresp.ttl = 0s; }
        } elsif (bereq.http.pr_number ~ "^([0-9]+)\t.*(?<=\t)default_internal_max_age\.\1=") {
            set bereq.http.pr_basis = "rule";
            set bereq.http.pr_told =
                regsub(bereq.http.pr_number, "^([0-9]+)\t.*(?<=\t)default_internal_max_age\.\1=([^\t]*)\t.*\z", "\2");
            if (bereq.http.pr_no_cache || bereq.http.pr_told ~ "^(?:-|0\z)") { set bereq.http.pr_why = "a rule says so"; }
            else { set beresp.ttl = std.duration(bereq.http.pr_told + "s", 0s); }
        } elsif (bereq.http.pr_cacheable && bereq.http.pr_no_cache) {
            set beresp.ttl = 0s;
        } else {
            set bereq.http.pr_why = "no lifetime";
        }
    }
    if (bereq.http.pr_basis != "rule" && bereq.http.pr_cc ~ "(?i)(?:^|,)[ \t]*must-understand[ \t]*(?:,|=|\z)" && "" + beresp.status !~ "^(?:100|101|102|103|200|201|202|203|204|205|206|207|208|226|300|301|302|303|304|305|307|308|400|401|402|403|404|405|406|407|408|409|410|411|412|413|414|415|416|417|418|421|422|423|424|425|426|428|429|431|451|500|501|502|503|504|505|506|507|508|510|511)\z") {
        set bereq.http.pr_why = "must-understand";
    }
}

sub pr_stale_times {
    # E15 and E17, fixed when the response arrives: seconds after its end during which it is still used.
    set beresp.http.pr_swr = "0"; set beresp.http.pr_sie = "0";
    set bereq.http.pr_number = beresp.status + "	" + bereq.http.pr_set;
    if (!bereq.http.pr_no_cache) {
        unset bereq.http.pr_forbids;
        if (bereq.http.pr_cc ~ "(?i)(?:^|,)[ \t]*(?:must-revalidate|proxy-revalidate)[ \t]*(?:,|=|\z)"
            || (bereq.http.pr_basis != "rule" && bereq.http.pr_cc ~ "(?i)(?:^|,)[ \t]*s-maxage[ \t]*(?:,|=|\z)")) { set bereq.http.pr_forbids = "1"; }
        if (bereq.http.pr_basis == "rule" || !bereq.http.pr_forbids) {
            if (bereq.http.pr_set ~ "\tstale_while_revalidate=") { set beresp.http.pr_swr = regsub(bereq.http.pr_set, "^.*\tstale_while_revalidate=([^\t]*)\t.*\z", "\1"); }
            elsif (bereq.http.pr_cc ~ "(?i)(?:^|,)[ \t]*stale-while-revalidate=[0-9]+[ \t]*(?:,|\z)") {
                set beresp.http.pr_swr = regsub(bereq.http.pr_cc, "(?i)^.*?(?:^|,)[ \t]*stale-while-revalidate=([0-9]+).*\z", "\1");
            }
        }
        if (!bereq.http.pr_forbids) {
            if (bereq.http.pr_cc ~ "(?i)(?:^|,)[ \t]*stale-if-error=[0-9]+[ \t]*(?:,|\z)") {
                set beresp.http.pr_sie = regsub(bereq.http.pr_cc, "(?i)^.*?(?:^|,)[ \t]*stale-if-error=([0-9]+).*\z", "\1");
            }
            if (bereq.http.pr_set ~ "\tstale_on_error=true\t(?!(?:.*\t)?stale_on_error=)") {
                set bereq.http.pr_told = "120";
                if (bereq.http.pr_number ~ "^([0-9]+)\t.*(?<=\t)revalidate_after_origin_unavailable\.\1=") {
                    set bereq.http.pr_told =
                        regsub(bereq.http.pr_number, "^([0-9]+)\t.*(?<=\t)revalidate_after_origin_unavailable\.\1=([^\t]*)\t.*\z", "\2");
                }
                if (std.duration(bereq.http.pr_told + "s", 0s) > std.duration(beresp.http.pr_sie + "s", 0s)) { set beresp.http.pr_sie = bereq.http.pr_told; }
            }
        }
    }
    if (bereq.http.pr_set ~ "\trefresh_zero_byte_cache_files=true\t(?!(?:.*\t)?refresh_zero_byte_cache_files=)" && beresp.http.Content-Length == "0") {
        set beresp.ttl = 0s; set beresp.http.pr_swr = "0";
    }
    if (bereq.http.pr_set ~ "\tprevalidate_cached_content=") {
        # The last part of its lifetime counts as a time in which it is refreshed while it is used (E18).
        set bereq.http.pr_told = regsub(bereq.http.pr_set, "^.*\tprevalidate_cached_content=([^\t]*)\t.*\z", "\1");
        if (beresp.ttl > 0s) {
            set beresp.ttl = beresp.ttl - std.duration(bereq.http.pr_told + "s", 0s);
            set beresp.http.pr_early = bereq.http.pr_told;
            set beresp.http.pr_swr = std.integer(beresp.http.pr_swr, 0) + std.integer(bereq.http.pr_told, 0);
            if (beresp.http.pr_sie != "0") { set beresp.http.pr_sie = std.integer(beresp.http.pr_sie, 0) + std.integer(bereq.http.pr_told, 0); }
        }
    }
    # Varnish does not look at what has no lifetime at all; this is over before anybody asks.
    if (beresp.ttl <= 0s) { set beresp.ttl = 0.001s; }
    set beresp.grace = std.duration(beresp.http.pr_swr + "s", 0s);
    if (std.duration(beresp.http.pr_sie + "s", 0s) > beresp.grace) { set beresp.grace = std.duration(beresp.http.pr_sie + "s", 0s); }
    # A stored response with a validator is revalidated instead of sent again, however old it is (E16).
    if (beresp.http.ETag || beresp.http.Last-Modified) { set beresp.keep = 365d; }
}

# ---- Clients: what they get of a stored response or of the origin's

sub vcl_deliver {
    if (resp.http.pr_own) {
        # Our own error: no rule changes it (E7).
        call pr_unset_sent;
        return (deliver);
    }
    if (req.method != "GET") { call pr_invalidate; }
    if (req.http.pr_accept) { set req.http.Accept = req.http.pr_accept; }
    if (req.http.pr_language) { set req.http.Accept-Language = req.http.pr_language; }
    set req.http.pr_origin_status = "" + resp.status;
    if (req.http.pr_set ~ "\tset_status_code=") { call pr_status; }
    call pr_age;
    call pr_client;
    if (resp.status == 412) { unset resp.http.x-sw-cache-control; }
    if (req.http.pr_prefetch || req.http.pr_foreign) { call pr_for_prefetch; }
    if (req.http.pr_ours ~ "(?:^|&)edgio_prefetch_http=1(?:&|\z)") { call pr_for_browser_cache; }
    call pr_conditions;
    call pr_cache_status;
    call pr_unset_sent;
    return (deliver);
}

sub pr_client {
    if (req.http.pr_set ~ "\t(?:client_max_age|bypass_client_cache)=") { call pr_client_caching; }
    if (req.http.pr_set ~ "\tservice_worker_max_age=") {
        set resp.http.x-sw-cache-control = "max-age=" + regsub(req.http.pr_set, "^.*\tservice_worker_max_age=([^\t]*)\t.*\z", "\1");
    }
    if (req.http.pr_set ~ "\t(?:h\.|c[0-9])") { call pr_client_headers; }
}

sub pr_client_caching {
    if (req.http.pr_set ~ "\tbypass_client_cache=true\t(?!(?:.*\t)?bypass_client_cache=)") {
        set resp.http.Cache-Control = "private, no-cache, no-store, must-revalidate";
    } elsif (req.http.pr_set ~ "\tclient_max_age=") {
        set req.http.pr_number = regsub(req.http.pr_set, "^.*\tclient_max_age=([^\t]*)\t.*\z", "\1");
        set req.http.pr_place = "overwrite";
        if (req.http.pr_set ~ "\tcache_control_header_treatment=") { set req.http.pr_place = regsub(req.http.pr_set, "^.*\tcache_control_header_treatment=([^\t]*)\t.*\z", "\1"); }
        if (req.http.pr_place == "remove") { unset resp.http.Cache-Control; }
        elsif (req.http.pr_place == "overwrite" || (req.http.pr_place == "if_missing" && !resp.http.Cache-Control)) {
            if (req.http.pr_number ~ "^-") { set resp.http.Cache-Control = "no-cache"; }
            else { set resp.http.Cache-Control = "max-age=" + req.http.pr_number; }
        }
        set req.http.pr_place = "overwrite";
        if (req.http.pr_set ~ "\texpires_header_treatment=") { set req.http.pr_place = regsub(req.http.pr_set, "^.*\texpires_header_treatment=([^\t]*)\t.*\z", "\1"); }
        if (req.http.pr_place == "remove") { unset resp.http.Expires; }
        elsif (req.http.pr_place == "overwrite" || (req.http.pr_place == "if_missing" && !resp.http.Expires)) {
            if (req.http.pr_number ~ "^-") { set resp.http.Expires = "Thu, 01 Jan 1970 00:00:00 GMT"; }
            elsif (resp.http.Date) { set resp.http.Expires = std.time(resp.http.Date, now) + std.duration(req.http.pr_number + "s", 0s); }
            else { unset resp.http.Expires; }
        }
    }
}

sub pr_status {
    set req.http.pr_number = regsub(req.http.pr_set, "^.*\tset_status_code=([^\t]*)\t.*\z", "\1");
    if (req.http.pr_number ~ "^[2-9][0-9][0-9]\z") { set resp.status = std.integer(req.http.pr_number, 200); }
}

sub pr_synthetic {
    # Nothing of an origin is in a response of rules alone; those on an origin's headers apply, too.
    if (req.http.pr_made != "body") {
        unset resp.http.Date;
        if (req.http.pr_set ~ "\t(?:o\.|k[0-9])") { call pr_made_origin_headers; }
        call pr_client;
    }
    if (req.http.pr_made == "denied") {
        set resp.http.Content-Type = "text/plain";
        set resp.body = {"Forbidden
"};
        unset resp.http.x-sw-cache-control;
    } elsif (req.http.pr_made == "redirect") {
        set resp.status = std.integer(req.http.pr_location_status, 302);
        set resp.http.Location = req.http.pr_location;
    } else {
        if (req.http.pr_set ~ "\tset_status_code=") { call pr_status; }
    }
    if (resp.status == 412) { unset resp.http.x-sw-cache-control; }
}


sub pr_unset_sent {
    unset resp.http.pr_own; unset resp.http.pr_swr; unset resp.http.pr_sie; unset resp.http.pr_at; unset resp.http.pr_age; unset resp.http.pr_early; unset resp.http.pr_packed;
    unset resp.http.pr_validated;
    unset resp.http.xkey; unset resp.http.X-Varnish;
    unset resp.http.Via;
}

sub pr_invalidate {
    # A successful unsafe request removes what is stored for its URL, and for those that it names (E21).
    if (req.method !~ "^(?:GET|HEAD|OPTIONS|TRACE)\z" && req.http.pr_pass && resp.status < 400) {
        set req.http.pr_number = xkey.purge("u:" + req.http.pr_tag);
        if (vsthrottle.is_denied("w" + req.http.pr_tag, 1, 60s)) { }
        if (resp.http.Location) { set req.http.pr_place = resp.http.Location; call pr_invalidate_place; }
        if (resp.http.Content-Location) { set req.http.pr_place = resp.http.Content-Location; call pr_invalidate_place; }
        # Counts writes, for the fetches that are under way: no time of this bucket ever refills it.
        if (vsthrottle.is_denied("writes", 1000000000, 1000000y)) { }
    }
}

sub pr_invalidate_place {
    set req.http.pr_place = regsub(req.http.pr_place, "#.*\z", "");
    if (req.http.pr_place ~ "^https?://") {
        if (regsub(req.http.pr_place, "^(https?://[^/?]*).*\z", "\1") == req.http.pr_scheme + "://" + req.http.host) {
            set req.http.pr_place = regsub(req.http.pr_place, "^https?://[^/?]*", "");
        } else {
            unset req.http.pr_place;
        }
    } elsif (req.http.pr_place ~ "^//|^[A-Za-z][A-Za-z0-9+.-]*:") {
        unset req.http.pr_place;
    } elsif (req.http.pr_place !~ "^/") {
        set req.http.pr_place = regsub(req.http.pr_sent, "[^/]*\z", "") + req.http.pr_place;
    }
    if (req.http.pr_place) {
        if (req.http.pr_place !~ "^/") { set req.http.pr_place = "/" + req.http.pr_place; }
        set req.http.pr_number = xkey.purge("u:" + req.http.host + req.http.pr_place);
        if (vsthrottle.is_denied("w" + req.http.host + req.http.pr_place, 1, 60s)) { }
    }
}

sub pr_age {
    if (resp.http.pr_age) { set resp.http.Age = std.integer(resp.http.Age, 0) + std.integer(resp.http.pr_age, 0); }
}

sub pr_for_prefetch {
    # It is never answered with what shows no page (E33), and a redirect keeps its parameters (E6).
    if (resp.status == 204 || resp.status == 205 || (resp.status == 206 && !req.http.Range)
        || (resp.status == 304 && !req.http.If-None-Match && !req.http.If-Modified-Since)) {
        set req.http.pr_answer = "refused";
        if (req.http.pr_foreign) { return (synth(503)); }
        return (synth(412));
    }
    if (req.http.pr_prefetch == "only" && resp.status >= 300 && resp.status < 400 && resp.http.Location) {
        set req.http.pr_location = resp.http.Location; call pr_keep_parameters; set resp.http.Location = req.http.pr_location;
    }
}

sub pr_for_browser_cache {
    # A browser without our service worker keeps it in its own cache, as long as the worker would (E39).
    std.collect(resp.http.Vary);
    std.collect(resp.http.Cache-Control);
    if (resp.status == 200 && resp.http.x-sw-cache-control ~ "^max-age=0*[1-9]" && !resp.http.Set-Cookie
        && resp.http.Vary !~ "(?i)(?:^|,)[ \t]*(?:cookie|\*)[ \t]*(?:,|\z)"
        && resp.http.Cache-Control !~ "(?i)(?:^|,)[ \t]*no-store[ \t]*(?:,|\z)") {
        set resp.http.Cache-Control = regsub(resp.http.x-sw-cache-control, "^(max-age=[0-9]+).*\z", "\1");
        set resp.http.Date = now;
        unset resp.http.Age; unset resp.http.Expires; unset resp.http.Pragma;
        if (!resp.http.No-Vary-Search) {
            set resp.http.No-Vary-Search = {"params=("edgio_dt_pf" "edgio_prefetch" "edgio_prefetch_http")"};
            if (req.http.pr_left_out) { set resp.http.No-Vary-Search = req.http.pr_left_out; }
        }
    }
}

sub pr_keep_parameters {
    if (req.http.pr_location ~ "^/(?!/)|^[?]|^[^/:?#]*(?:[/?#]|\z)"
        || regsub(req.http.pr_location, "(?i)^https?://(?:[^/?#]*@)?([^/?#]*?)(?::(?:80|443))?(?:[/?#].*)?\z", "\1") == req.http.host) {
        set req.http.pr_place = regsub(req.http.pr_location, "^[^#]*", "");
        set req.http.pr_location = regsub(req.http.pr_location, "#.*\z", "");
        if (req.http.pr_location ~ "\?") {
            set req.http.pr_number = regsub(req.http.pr_location, "^[^?]*\?", "");
            set req.http.pr_number = regsub(regsuball(req.http.pr_number, "(?<![^&])edgio_[^&]*(?:&|\z)", ""), "&\z", "");
            set req.http.pr_location = regsub(req.http.pr_location, "\?.*\z", "") + "?";
            if (req.http.pr_number != "") { set req.http.pr_location = req.http.pr_location + req.http.pr_number + "&"; }
        } else { set req.http.pr_location = req.http.pr_location + "?"; }
        set req.http.pr_location = req.http.pr_location + req.http.pr_ours + req.http.pr_place;
    }
}

sub pr_conditions {
    # 304 and 416 are made here, since they have fewer headers than Varnish gives them (E24).
    if (resp.status == 200 && req.http.pr_origin_status == "200" && (req.method == "GET" || req.method == "HEAD")) {
        unset req.http.pr_number;
        if (req.http.If-None-Match) {
            std.collect(req.http.If-None-Match);
            if (req.http.If-None-Match ~ "^[ \t]*\*[ \t]*\z") { set req.http.pr_number = "304"; }
            elsif (resp.http.ETag && str.contains(req.http.If-None-Match, regsub(resp.http.ETag, "^W/", ""))) { set req.http.pr_number = "304"; }
        } elsif (req.http.If-Modified-Since) {
            if (resp.http.Last-Modified) {
                if (std.time(resp.http.Last-Modified, now + 1000d) <= std.time(req.http.If-Modified-Since, std.real2time(0, now))) { set req.http.pr_number = "304"; }
            } elsif (std.time(resp.http.Date, now) <= std.time(req.http.If-Modified-Since, std.real2time(0, now))) { set req.http.pr_number = "304"; }
        }
        unset req.http.If-None-Match; unset req.http.If-Modified-Since;
        if (req.http.pr_number == "304") {
            set resp.status = 304;
            unset req.http.Range;
            header.regsub(resp, "(?i)^(?!(?:age|cache-control|cdn-cache-control|content-location|date|etag|expires|vary|last-modified|x-sw-cache-control|cache-status|pr_at|strict-transport-security|location):)[^:]+:.*\z", "pr_own: ");
            if (resp.http.ETag) { unset resp.http.Last-Modified; }
        } elsif (req.http.Range) {
            call pr_range;
        }
    } else {
        unset req.http.If-None-Match; unset req.http.If-Modified-Since; unset req.http.Range;
    }
}

sub pr_range {
    # One range of a stored response; what is not a valid range of bytes is ignored, and so are several (E24).
    if (req.http.pr_cache == "pass" || !resp.http.pr_at || resp.http.pr_packed || req.method != "GET"
        || req.http.Range !~ "^bytes=[ \t]*(?:[0-9]+-[0-9]*|-[0-9]+)[ \t]*\z") {
        unset req.http.Range;
    } elsif (req.http.If-Range && req.http.If-Range != resp.http.ETag && req.http.If-Range != resp.http.Last-Modified) {
        unset req.http.Range;
    } elsif (resp.http.Content-Length) {
        set req.http.pr_number = regsub(req.http.Range, "^bytes=[ \t]*([0-9]*)-.*\z", "\1");
        set req.http.pr_place = regsub(req.http.Range, "^.*-([0-9]*)[ \t]*\z", "\1");
        if (req.http.pr_number != "" && req.http.pr_place != ""
            && std.integer(req.http.pr_place, 0) < std.integer(req.http.pr_number, 0)) {
            unset req.http.Range;
        } elsif ((req.http.pr_number != ""
                && std.integer(req.http.pr_number, 0) >= std.integer(resp.http.Content-Length, 0))
            || (req.http.pr_number == "" && std.integer(req.http.pr_place, 0) == 0)) {
            if (req.http.pr_set ~ "\tignore_unsatisfiable_ranges=true\t(?!(?:.*\t)?ignore_unsatisfiable_ranges=)") {
                unset req.http.Range;
            } else {
                set req.http.pr_length = resp.http.Content-Length;
                set req.http.pr_answer = "range";
                return (synth(416));
            }
        }
    }
}

sub pr_cache_status {
    # RFC 9211 (E36).
    set req.http.pr_number = "prefetchrouter";
    if (req.http.pr_cache == "hit" && (resp.is_streaming || std.real(resp.http.pr_at, 0.0) > std.time2real(req.time, 0.0) + 0.02)) {
        # Its body was still arriving, or it came after the request: this client shared the fetch of another (E19).
        set req.http.pr_cache = "coalesced";
        if (!req.http.pr_fwd) { set req.http.pr_fwd = "uri-miss"; }
    }
    if (req.http.pr_cache == "hit") { set req.http.pr_number = req.http.pr_number + ";hit"; }
    elsif (req.http.pr_cache == "stale-error") { set req.http.pr_number = req.http.pr_number + ";hit"; }
    else { set req.http.pr_number = req.http.pr_number + ";fwd=" + req.http.pr_fwd; }
    if (req.http.pr_origin_status != "" + resp.status && req.http.pr_cache != "hit" && req.http.pr_cache != "stale-error") {
        set req.http.pr_number = req.http.pr_number + ";fwd-status=" + req.http.pr_origin_status;
    }
    if (resp.http.pr_at) {
        set req.http.pr_number = req.http.pr_number + ";ttl="
            + std.integer(duration=obj.ttl + std.duration(resp.http.pr_early + "s", 0s));
    }
    if (resp.http.pr_at && req.http.pr_cache == "miss") { set req.http.pr_number = req.http.pr_number + ";stored"; }
    if (req.http.pr_cache == "coalesced") { set req.http.pr_number = req.http.pr_number + ";collapsed"; }
    if (resp.http.Cache-Status) { std.collect(resp.http.Cache-Status); }
    if (resp.http.Cache-Status ~ "^ *(?:[A-Za-z*][^ ,;\x22()]*|\x22(?:[^\x22\\]|\\[\x22\\])*\x22)(?: *; *[a-z*][a-z0-9_.*-]*(?:=(?:\x22(?:[^\x22\\]|\\[\x22\\])*\x22|[^ ,;\x22()]+))?)*(?:[ \t]*,[ \t]*(?:[A-Za-z*][^ ,;\x22()]*|\x22(?:[^\x22\\]|\\[\x22\\])*\x22)(?: *; *[a-z*][a-z0-9_.*-]*(?:=(?:\x22(?:[^\x22\\]|\\[\x22\\])*\x22|[^ ,;\x22()]+))?)*)* *\z") { set resp.http.Cache-Status = resp.http.Cache-Status + ", " + req.http.pr_number; }
    else { set resp.http.Cache-Status = req.http.pr_number; }
}

sub vcl_synth {
    unset resp.http.X-Varnish; unset resp.http.Server; unset resp.http.Retry-After; unset resp.http.Content-Type;
    if (resp.status == 503 && req.http.pr_retry && req.http.pr_sie && !req.http.pr_stale && !req.http.pr_answer) {
        # The fetch was abandoned: use the stored response as long as it may be (E17).
        set req.http.pr_stale = "1"; unset req.http.pr_retry;
        return (restart);
    }
    set resp.body = "";
    if (req.http.pr_answer == "refused") {
        std.log("refused:1");                                              # for varnishncsa: %{VCL_Log:refused}x
        if (resp.status == 412) { set resp.reason = "Precondition Failed"; }
        set resp.http.Cache-Control = "no-store";
    } elsif (req.http.pr_answer == "range") {
        set resp.http.Content-Range = "bytes */" + req.http.pr_length;
        set resp.http.Cache-Control = "no-store";
        set resp.http.Cache-Status = "prefetchrouter;hit";
    } elsif (req.http.pr_answer == "file") {
        call pr_own_file;
    } elsif (req.http.pr_answer == "rules") {
        call pr_synthetic;
        if (req.http.pr_ours ~ "(?:^|&)edgio_prefetch_http=1(?:&|\z)") { call pr_for_browser_cache; }
        if (resp.http.Location && req.http.pr_prefetch == "only") {
            set req.http.pr_location = resp.http.Location; call pr_keep_parameters; set resp.http.Location = req.http.pr_location;
        }
    } else {
        if (!req.http.pr_answer) {
            # The fetch failed before anything of the response was sent (E26).
            set resp.status = 502; set req.http.pr_message = "No response from the origin";
        }
        set resp.http.Content-Type = "text/plain; charset=utf-8";
        set resp.http.Cache-Control = "no-store";
        set resp.body = req.http.pr_message + {"
"};
    }
    return (deliver);
}

