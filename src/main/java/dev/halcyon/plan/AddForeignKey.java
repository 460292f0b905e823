package dev.halcyon.plan;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.Index;
import dev.halcyon.model.Place;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.Sql;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A new foreign key, in contract, since it refuses writes of the running application. Orphans are
 * looked for first; then the server adds the key in place, without checking the rows under a lock;
 * then orphans that came in between are looked for once more.
 */
record AddForeignKey(Place place, ForeignKey key) implements Operation {

  @Override
  public List<String> touches() {
    return key.columns().stream().map(c -> key.table() + "." + c).toList();
  }

  @Override
  public void derive(Outline outline) {
    TableSchema before = outline.before(key.table());
    indexFor(outline, before);
    if (key.columns().stream().allMatch(c -> before.column(c).isPresent())) {
      orphans(outline, before, Stage.EXPAND_CHECK);
    }
    orphans(outline, before, Stage.CONTRACT_CHECK);
    outline.ddl(
        Stage.CONTRACT_NAME,
        "add foreign key " + key.name(),
        key.table(),
        "ALTER TABLE "
            + Sql.name(key.table())
            + " "
            + ForeignKeys.add(
                outline.facts().tableAfter(key.table()).orElse(before), key, key.name()),
        Step.Conditions.FOREIGN_KEYS_PROVEN);
    orphans(outline, before, Stage.CONTRACT_DATA);
  }

  /** The server would add the missing index along with the key; apart it can be done in place. */
  private void indexFor(Outline outline, TableSchema before) {
    TableSchema after = outline.facts().tableAfter(key.table()).orElse(before);
    for (Index index : after.indexes()) {
      if (before.index(index.name()).isEmpty() && index.name().equalsIgnoreCase(key.name())) {
        outline.alter(
            Stage.EXPAND_INDEX,
            "add index " + index.name(),
            key.table(),
            "ADD " + index.definition(index.name()));
        outline.alter(
            Stage.ROLLBACK_SHAPE,
            "drop index " + index.name(),
            key.table(),
            "DROP INDEX " + Sql.name(index.name()));
      }
    }
  }

  private void orphans(Outline outline, TableSchema before, Stage stage) {
    if (before.chunkKey().isEmpty()) {
      outline.chunkKey(before, place);
      return;
    }
    String child = Sql.name(key.table());
    String parent = Sql.name(key.referencedSchema(), key.referencedTable());
    String parentTable =
        key.referencedSchema().equalsIgnoreCase(outline.facts().schema())
            ? Sql.name(key.referencedTable())
            : parent;
    String join =
        IntStream.range(0, key.columns().size())
            .mapToObj(
                i ->
                    "p."
                        + Sql.name(key.referencedColumns().get(i))
                        + " = "
                        + child
                        + "."
                        + Sql.name(key.columns().get(i)))
            .collect(Collectors.joining(" AND "));
    String set =
        key.columns().stream()
            .map(c -> child + "." + Sql.name(c) + " IS NOT NULL")
            .collect(Collectors.joining(" AND "));
    outline.verify(
        stage,
        "no orphans for " + key.name(),
        before,
        ErrorCode.DATA_DOES_NOT_FIT,
        place,
        new Step.Verify.Fault(
            "orphan",
            set + " AND NOT EXISTS (SELECT 1 FROM " + parentTable + " p WHERE " + join + ")",
            "no row of " + key.referencedTable() + " is its parent"));
  }
}
