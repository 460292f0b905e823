package dev.halcyon.proxy.login;

import dev.halcyon.proxy.tls.ProxyKey;
import dev.halcyon.proxy.tls.TlsEnds;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What decides about logins, the same for all clients of a proxy.
 *
 * @param key seals passwords; asked for only if the credentials learn
 * @param workers do what takes long, so that the event loop need not
 */
public record LoginRules(
    Credentials credentials,
    LoginThrottle throttle,
    TlsEnds tls,
    Supplier<ProxyKey> key,
    Executor workers) {}
