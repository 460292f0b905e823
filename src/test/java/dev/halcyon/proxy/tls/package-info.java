/** Tests of certificates and keys. */
@NullMarked
package dev.halcyon.proxy.tls;

import org.jspecify.annotations.NullMarked;
