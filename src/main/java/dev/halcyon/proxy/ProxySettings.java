package dev.halcyon.proxy;

import dev.halcyon.proxy.login.Accounts;
import java.net.InetSocketAddress;

/**
 * Where clients come in, and where they are led to.
 *
 * @param listen port 0 for any free one
 */
public record ProxySettings(
    InetSocketAddress listen, InetSocketAddress server, Accounts accounts) {}
