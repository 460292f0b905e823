/** The words of the domain: versions, tables, findings, errors. Values only. */
@NullMarked
package dev.halcyon.model;

import org.jspecify.annotations.NullMarked;
