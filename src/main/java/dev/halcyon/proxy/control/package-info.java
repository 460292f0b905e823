/** How other processes ask a running proxy to hold and to release, and take over from it. */
@NullMarked
package dev.halcyon.proxy.control;

import org.jspecify.annotations.NullMarked;
