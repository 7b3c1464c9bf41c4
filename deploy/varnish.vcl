# A cache in front of the newsroom, by Varnish 6 or newer with the module xkey (Debian: varnish, varnish-modules).
#
# In /etc/newsroom.env:  CDN_SECONDS=300   PURGE_URL=varnish://127.0.0.1:6081   TRUSTED_PROXIES=2 with nginx before it
vcl 4.1;

import std;
import xkey;

backend newsroom {
    .host = "127.0.0.1";
    .port = "8000";
    .probe = {
        .request = "GET /healthz HTTP/1.1" "Host: 127.0.0.1" "Connection: close";
        .interval = 5s;
        .timeout = 2s;
    }
}

# Who may say that something changed: the newsroom's own machines.
acl machines_of_ours {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        # What a proxy on this machine hands on comes from here as well, whoever sent it; Varnish has put it at the end.
        if (!client.ip ~ machines_of_ours || req.http.X-Forwarded-For ~ ",") {
            return (synth(403, "Only the newsroom may do that."));
        }
        # Forget, not age: a withdrawn story must not be shown once more.
        set req.http.n-gone = xkey.purge(req.http.xkey-purge);
        return (synth(200, "Forgot " + req.http.n-gone));
    }
    # Journalists (ADMIN_PATH), previews and all that is sent to us: past the cache, as it came.
    if (req.method != "GET" && req.method != "HEAD" || req.url ~ "^/(admin|preview|healthz|readyz|metricsz)(/|$)") {
        return (pass);
    }
    # A reader's page is the same for everybody, so nothing of the reader's is asked about it.
    unset req.http.Cookie;
    unset req.http.Authorization;
    # While the newsroom answers, everybody gets what is true now; one request fetches it for all who wait.
    if (std.healthy(req.backend_hint)) {
        set req.grace = 0s;
    }
}

sub vcl_backend_response {
    # How long it is fresh stands in s-maxage. How long it may be shown old, while the newsroom cannot be reached, is told
    # for each page; never past the moment at which it would become untrue.
    set beresp.grace = 0s;
    if (beresp.http.CDN-Cache-Control ~ "stale-if-error=[0-9]+") {
        set beresp.grace = std.duration(
            regsub(beresp.http.CDN-Cache-Control, ".*stale-if-error=([0-9]+).*", "\1s"), 0s);
    }
}

sub vcl_deliver {
    # What was meant for this cache is nobody else's business.
    unset resp.http.xkey;
    unset resp.http.CDN-Cache-Control;
    unset resp.http.Surrogate-Control;
}
