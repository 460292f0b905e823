package dev.halcyon.model;

import java.util.Set;

/**
 * A view as the catalogue tells it.
 *
 * @param definition the server's canonical SELECT, names quoted and qualified
 * @param security {@code DEFINER} or {@code INVOKER}
 * @param tables the tables and views of the same schema that it reads
 */
public record View(
    String name,
    String definition,
    String definer,
    String security,
    String checkOption,
    Set<String> tables) {
  public View {
    tables = Set.copyOf(tables);
  }
}
