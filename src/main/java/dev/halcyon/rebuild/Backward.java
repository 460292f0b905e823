package dev.halcyon.rebuild;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.AlterClause;
import java.util.List;

/** The way back from the new table to the old one, which is kept. */
final class Backward {
  private Backward() {}

  /**
   * @param present the table of the new shape, whatever its name is
   * @param former the one of the old shape
   * @param names as the rebuild had them
   * @throws Refusal HAL-301 when the old table could not follow the new one
   */
  static Shapes shapes(
      TableSchema present,
      TableSchema former,
      ShadowNames names,
      String schema,
      List<AlterClause> clauses) {
    var forward = ColumnMap.of(former, present, clauses);
    var columns = forward.back(former);
    var key = present.chunkKey().orElseThrow(Backward::noKey).columns();
    for (var column : key) {
      if (!columns.maps(column)) {
        throw noKey();
      }
      Preparation.requireSameOrder(columns.of(column));
    }
    var shapes = new Shapes(schema, names.back(), present, former, columns, key, forward);
    var unique =
        former.indexes().stream()
            .anyMatch(i -> i.unique() && i.columns().equals(shapes.shadowKey()));
    if (!unique) {
      throw noKey();
    }
    return shapes;
  }

  private static Refusal noKey() {
    return ErrorCode.NOT_SUPPORTED.refuse(
        "The old table could not follow the new one: they have no key in common.",
        "Leave --keep out; the change cannot be reverted then.");
  }
}
