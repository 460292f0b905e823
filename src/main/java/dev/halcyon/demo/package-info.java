/** A worked example under load: two application versions, one change, every read checked. */
@NullMarked
package dev.halcyon.demo;

import org.jspecify.annotations.NullMarked;
