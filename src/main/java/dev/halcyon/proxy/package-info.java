/**
 * Stands between clients and server, one server session for each client session, and holds clients
 * where nothing breaks.
 */
@NullMarked
package dev.halcyon.proxy;

import org.jspecify.annotations.NullMarked;
