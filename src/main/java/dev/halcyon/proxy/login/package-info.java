/** Who a client is, and how the proxy logs in to the server in its name. */
@NullMarked
package dev.halcyon.proxy.login;

import org.jspecify.annotations.NullMarked;
