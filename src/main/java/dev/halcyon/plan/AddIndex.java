package dev.halcyon.plan;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Index;
import dev.halcyon.model.Place;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.Sql;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A new index, in expand; a unique one in contract, since it would refuse writes of the running
 * application. Duplicates are looked for first, before anything else happens.
 */
record AddIndex(Place place, String table, Index index) implements Operation {

  @Override
  public List<String> touches() {
    return List.of(table + "." + index.name());
  }

  @Override
  public void derive(Outline outline) {
    String add = "ADD " + index.definition(index.name());
    String title = "add index " + table + "." + index.name();
    if (!index.unique()) {
      outline.alter(Stage.EXPAND_INDEX, title, table, add);
      outline.alter(
          Stage.ROLLBACK_SHAPE,
          "drop index " + table + "." + index.name(),
          table,
          "DROP INDEX " + Sql.name(index.name()));
      return;
    }
    TableSchema before = outline.before(table);
    boolean ofOldColumns =
        index.parts().stream()
            .allMatch(p -> p.column() != null && before.column(p.column()).isPresent());
    if (ofOldColumns) {
      duplicates(outline, before, Stage.EXPAND_CHECK);
      duplicates(outline, before, Stage.CONTRACT_CHECK);
      outline.alter(Stage.CONTRACT_NAME, title, table, add);
    } else {
      outline.alter(Stage.CONTRACT_NAME, title, table, add);
    }
  }

  private void duplicates(Outline outline, TableSchema before, Stage stage) {
    String parts = index.parts().stream().map(AddIndex::value).collect(Collectors.joining(", "));
    String noNulls =
        index.columns().stream()
            .map(c -> Sql.name(c) + " IS NOT NULL")
            .collect(Collectors.joining(" AND "));
    String same =
        index.parts().stream()
            .map(
                p ->
                    "d."
                        + alias(p)
                        + " = "
                        + Sql.name(table)
                        + "."
                        + value(p).replaceFirst("^LEFT\\(", "LEFT("))
            .collect(Collectors.joining(" AND "));
    String grouped =
        "(SELECT "
            + index.parts().stream()
                .map(p -> value(p) + " AS " + alias(p))
                .collect(Collectors.joining(", "))
            + " FROM "
            + Sql.name(table)
            + " WHERE "
            + noNulls
            + " GROUP BY "
            + parts
            + " HAVING COUNT(*) > 1) d";
    String from = Sql.name(table) + " JOIN " + grouped + " ON " + same;
    List<String> key = outline.chunkKey(before, place);
    outline.add(
        stage,
        id ->
            new Step.Verify(
                id,
                "no duplicates for " + index.name(),
                table,
                key,
                table,
                from,
                List.of(
                    new Step.Verify.Fault(
                        "duplicate",
                        "1 = 1",
                        "another row has the same " + String.join(", ", index.columns()))),
                true,
                before.rows(),
                ErrorCode.DATA_DOES_NOT_FIT.code()));
  }

  private static String alias(Index.Part part) {
    return Sql.name("k_" + part.column());
  }

  private static String value(Index.Part part) {
    String column = Sql.name(String.valueOf(part.column()));
    return part.prefix() == null ? column : "LEFT(" + column + ", " + part.prefix() + ")";
  }
}
