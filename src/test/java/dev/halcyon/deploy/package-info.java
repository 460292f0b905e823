/** Tests of whole runs on real servers, with plans made by hand. */
@NullMarked
package dev.halcyon.deploy;

import org.jspecify.annotations.NullMarked;
