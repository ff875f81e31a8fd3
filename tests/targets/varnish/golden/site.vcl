# Where the origins are, and how rules see the scheme of a request. Made by prefetchrouter.

backend pr_o_web {
    .host = "origin.shop.example";
    .port = "80";
    .connect_timeout = 5s;
    .first_byte_timeout = 60s;
    .between_bytes_timeout = 60s;
}

backend pr_o_api {
    .host = "api.shop.example";
    .port = "80";
    .connect_timeout = 5s;
    .first_byte_timeout = 60s;
    .between_bytes_timeout = 60s;
}

# Nothing says where this origin is.
backend pr_o_edgio_5f_static none;

sub pr_scheme {
    # TLS ends in front of Varnish, at a proxy that says so by the PROXY protocol, version 2.
    set req.http.pr_scheme = "http";
    if (proxy.is_ssl()) { set req.http.pr_scheme = "https"; }
}

sub pr_facts {
    # What only a platform knows, such as the country, is not known here.
}

backend pr_none none;

sub pr_choose_origin {
    set req.backend_hint = pr_none;
    if (req.http.pr_origin == "web") { set req.backend_hint = pr_o_web; }
    elsif (req.http.pr_origin == "api") { set req.backend_hint = pr_o_api; }
    elsif (req.http.pr_site_origin == "api") { set req.backend_hint = pr_o_api; }
    elsif (req.http.pr_origin == "edgio_static") { set req.backend_hint = pr_o_edgio_5f_static; }
    elsif (req.http.pr_site_origin == "edgio_static") { set req.backend_hint = pr_o_edgio_5f_static; }
}

sub pr_host_header {
    # Origins get the Host of the client's request.
}
