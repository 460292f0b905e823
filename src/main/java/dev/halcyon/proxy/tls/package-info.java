/** TLS of the proxy towards clients and servers: certificates, keys, and whom it believes. */
@NullMarked
package dev.halcyon.proxy.tls;

import org.jspecify.annotations.NullMarked;
