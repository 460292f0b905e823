/** Tests of the proxy between real drivers and real servers. */
@NullMarked
package dev.halcyon.proxy;

import org.jspecify.annotations.NullMarked;
