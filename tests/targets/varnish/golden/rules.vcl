sub pr_find_rewrites {
    if (req.http.pr_segment == "service-worker.js" && req.http.pr_plain == "/service-worker.js") {
        set req.http.pr_rewrite = "00001";  # routes.py:36
    } elsif (req.http.pr_segment == "shop" && req.http.pr_path ~ "(?i)^/shop(?:/([^/#?]+?))[/#?]?\z") {
        set req.http.pr_rewrite = "00002";  # routes.py:52
    }
}

sub pr_rewrite {
    if (req.http.pr_rewrite == "00001") {
        unset req.http.pr_place;
        if (req.http.pr_origin_uri ~ "(?i)^/service-worker\.js(/)?\z") {
            set req.http.pr_place = "/dist/service-worker.js" + regsub(req.http.pr_rest, "^(.+)\z", "?\1");
        }
        elsif (req.http.pr_origin_path ~ "(?i)^/service-worker\.js(/)?\z") {
            set req.http.pr_place = "/dist/service-worker.js" + regsub(req.http.pr_rest, "^(.+)\z", "?\1");
        }
        if (req.http.pr_place) { call pr_follow_rewrite; }
    } elsif (req.http.pr_rewrite == "00002") {
    }
}

sub pr_walk {
    if (std.toupper(req.http.pr_scheme) == "HTTP") {  # routes.py:34
        # comment: Redirect to HTTPS
        set req.http.pr_set = req.http.pr_set + "set_status_code=301	c00001	sets_location	r=routes.py:34	";  # routes.py:34
    }
    # comment: Set HSTS header
    set req.http.pr_set = req.http.pr_set + "h.strict-transport-security=max-age=15768000	r=routes.py:34	";  # routes.py:34
    set req.http.pr_origin = "web";  # routes.py:35
    set req.http.pr_set = req.http.pr_set + "r=routes.py:35	";  # routes.py:35
    if (req.http.pr_segment == "") {
        if (req.http.pr_path ~ "(?i)^//?\z") {  # routes.py:48
            set req.http.pr_set = req.http.pr_set + "max_age.200=300	r=routes.py:48	";  # routes.py:48
        }
        if (req.http.pr_path ~ "(?i)^//?\z" && regsub(req.http.cookie, "^(?:[^;]*;)*?[ \t]*session=([^;]*?)[ \t]*(?:;.*)?\z", "\1") ~ ".+") {  # routes.py:49
            set req.http.pr_set = req.http.pr_set + "bypass_cache=true	r=routes.py:49	";  # routes.py:49
        }
    } elsif (req.http.pr_segment == "api" && req.http.pr_path ~ "(?i)^/api/products(?:/([^/#?]+?))\.json[/#?]?\z" && req.method == "GET") {
        set req.http.pr_origin = "api";  # routes.py:40
        set req.http.pr_set = req.http.pr_set + "max_age.200=3600	stale_while_revalidate=86400	service_worker_max_age=3600	r=routes.py:40	";  # routes.py:40
    } elsif (req.http.pr_segment == "blog" && req.http.pr_path ~ "(?i)^/blog(?:/([^/#?]+?))[/#?]?\z") {
        # routes.py:45
        if (blob.transcode(decoding=URL, encoding=IDENTITY, encoded=regsuball(regsub(req.http.pr_origin_query, "^(?:[^&]*&)*?preview(?:=([^&]*))?(?:&.*)?\z", "\1"), "\+", " ")) ~ ".+") {  # routes.py:28
            set req.http.pr_set = req.http.pr_set + "bypass_cache=true	r=routes.py:28	";  # routes.py:28
        } else {
            set req.http.pr_set = req.http.pr_set + "max_age.200=600	service_worker_max_age=300	r=routes.py:29	";  # routes.py:29
        }
    } elsif (req.http.pr_segment == "images" && req.http.pr_path ~ "(?i)^/images(?:/((?:[^/#?]+?)(?:/(?:[^/#?]+?))*))?[/#?]?\z") {
        set req.http.pr_set = req.http.pr_set + "max_age.200=2592000	r=routes.py:46	";  # routes.py:46
    } elsif (req.http.pr_segment == "pages" && req.http.pr_path ~ "(?i)^/pages(?:/([^/#?]+?))[/#?]?\z") {
        set req.http.pr_set = req.http.pr_set + "max_age.200=3600	service_worker_max_age=3600	r=routes.py:38	";  # routes.py:38
    } elsif (req.http.pr_segment == "products" && req.http.pr_path ~ "(?i)^/products(?:/([^/#?]+?))[/#?]?\z" && req.method == "GET") {
        set req.http.pr_set = req.http.pr_set + "max_age.200=3600	stale_while_revalidate=86400	service_worker_max_age=3600	bypass_client_cache=true	r=routes.py:39	";  # routes.py:39
    } elsif (req.http.pr_segment == "service-worker.js" && req.http.pr_plain == "/service-worker.js") {
        set req.http.pr_origin = "edgio_static";  # routes.py:36
        set req.http.pr_set = req.http.pr_set + "max_age.200=31536000	bypass_client_cache=true	r=routes.py:36	";  # routes.py:36
    } elsif (req.http.pr_segment == "shop" && req.http.pr_path ~ "(?i)^/shop(?:/([^/#?]+?))[/#?]?\z") {
        # routes.py:52
        unset req.http.pr_location;
        if (req.http.pr_origin_uri ~ "(?i)^/shop(?:/([^/#?]+?))(/)?\z") {
            set req.http.pr_location = "/products" + "/" + regsub(req.http.pr_origin_uri, "(?i)^/shop(?:/([^/#?]+?))(/)?\z", "\1") + "	" + regsub(req.http.pr_origin_uri, "(?i)^/shop(?:/([^/#?]+?))(/)?\z", "\2");
            set req.http.pr_location = regsuball(regsuball(req.http.pr_location, "(?<!:)/	+/*", "/"), "	", "");
        }
        elsif (req.http.pr_origin_path ~ "(?i)^/shop(?:/([^/#?]+?))(/)?\z") {
            set req.http.pr_location = "/products" + "/" + regsub(req.http.pr_origin_path, "(?i)^/shop(?:/([^/#?]+?))(/)?\z", "\1") + "	" + regsub(req.http.pr_origin_path, "(?i)^/shop(?:/([^/#?]+?))(/)?\z", "\2");
            set req.http.pr_location = regsuball(regsuball(req.http.pr_location, "(?<!:)/	+/*", "/"), "	", "");
        }
        set req.http.pr_location_status = "301";  # routes.py:52
        set req.http.pr_set = req.http.pr_set + "r=routes.py:52	";  # routes.py:52
    } elsif (req.http.pr_segment == "summer-sale" && req.http.pr_path ~ "(?i)^/summer-sale(?:/((?:[^/#?]+?)(?:/(?:[^/#?]+?))*))?[/#?]?\z" && req.method == "GET") {
        set req.http.pr_set = req.http.pr_set + "max_age.200=300	r=routes.py:51	";  # routes.py:51
    }
}

sub pr_rules {
    set req.http.pr_segment = std.tolower(regsub(req.http.pr_path, "^/([^/]*).*\z", "\1"));
    set req.http.pr_origin_uri = req.http.pr_uri;
    set req.http.pr_origin_path = req.http.pr_path;
    set req.http.pr_origin_query = req.http.pr_query;
    set req.http.pr_request_uri = req.http.pr_uri;
    if (req.http.pr_query != "") {
        set req.http.pr_request_uri = req.http.pr_uri + "?" + req.http.pr_query;
    }
    set req.http.pr_plain = std.tolower(regsub(req.http.pr_path, "/\z", ""));
    call pr_find_rewrites;
    if (req.http.pr_rewrite) { call pr_rewrite; call pr_rewritten; }
    call pr_walk;
}

sub pr_late_keep {
    # No rule has a condition on the response.
}

sub pr_client_headers {
    if (req.http.pr_set ~ "\th\.strict-transport-security=") {
        set resp.http.strict-transport-security = regsub(req.http.pr_set, "^.*\th\.strict-transport-security=([^\t]*)\t.*\z", "\1");
        if (resp.http.strict-transport-security == "") { unset resp.http.strict-transport-security; }
    }
    if (req.http.pr_set ~ "	c00001	") {
        set resp.http.location = "https://" + regsub(req.http.host, ":[0-9]+\z", "") + req.http.pr_request_uri;
        if (resp.http.location == "") { unset resp.http.location; }
    }
}

sub pr_origin_headers {
    # No rule sets these.
}

sub pr_made_origin_headers {
    # No rule sets these.
}

sub pr_ruled_headers {
    # No rule sets a request header.
}

sub pr_save_headers {
    # No rule sets a request header.
}

sub pr_restore_headers {
    # No rule sets a request header.
}

sub pr_make_key {
    set req.http.pr_place = req.http.pr_rest;
    set req.http.pr_tag = req.http.host + req.http.pr_sent;
    if (req.http.pr_place != "") { set req.http.pr_tag = req.http.pr_tag + "?" + req.http.pr_place; }
    set req.http.pr_key = req.http.pr_tag;
    if (req.http.pr_origin) {
        set req.http.pr_key = req.http.pr_key + "	origin " + req.http.pr_origin;
    }
}
