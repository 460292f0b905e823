package dev.halcyon.pair.check;

import dev.halcyon.model.Finding;

/** A finding, with what mends it. */
public record Problem(Finding finding, Mend mend) {}
