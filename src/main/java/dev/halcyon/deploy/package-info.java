/** Runs, resumes and undoes plans; the whole story of a change reads here. */
@NullMarked
package dev.halcyon.deploy;

import org.jspecify.annotations.NullMarked;
