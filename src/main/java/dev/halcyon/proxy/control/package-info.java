/** How another process asks a running proxy to hold and to release. */
@NullMarked
package dev.halcyon.proxy.control;

import org.jspecify.annotations.NullMarked;
