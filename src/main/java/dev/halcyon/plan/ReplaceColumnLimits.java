package dev.halcyon.plan;

import dev.halcyon.model.Check;
import dev.halcyon.model.Column;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.TableSchema;
import dev.halcyon.sql.Expressions;
import java.util.ArrayList;
import java.util.List;

/** What two columns side by side cannot stand for; each is refused by name. */
final class ReplaceColumnLimits {
  private ReplaceColumnLimits() {}

  static boolean allow(ReplaceColumn operation, TableSchema table, Outline outline) {
    Column old = operation.old();
    List<String> reasons = new ArrayList<>();
    if (old.autoIncrement()) {
      reasons.add("it is AUTO_INCREMENT, and a table has only one such column");
    }
    if (table.primaryKey().map(k -> k.uses(old.name())).orElse(false)) {
      reasons.add("it is part of the primary key");
    }
    if (table.partitioned()) {
      reasons.add("the table is partitioned");
    }
    for (Check check : table.checks()) {
      if (Expressions.mentions(check.clause(), old.name())) {
        reasons.add("the constraint " + check.name() + " mentions it");
      }
    }
    for (Column column : table.columns()) {
      if (column.generated() != null && Expressions.mentions(column.generated(), old.name())) {
        reasons.add("the generated column " + column.name() + " is made from it");
      }
    }
    for (ForeignKey key : outline.facts().referencing()) {
      if (key.referencedTable().equalsIgnoreCase(table.name())
          && key.referencedColumns().stream().anyMatch(old.name()::equalsIgnoreCase)) {
        reasons.add("the foreign key " + key.table() + "." + key.name() + " points at it");
      }
    }
    boolean stored =
        old.generated() != null
            && old.generated().toUpperCase(java.util.Locale.ROOT).endsWith("STORED");
    if (stored) {
      reasons.add("it is a stored generated column, which the server can only add by copying");
    }
    for (String reason : reasons) {
      outline.refuse(
          ErrorCode.NOT_SUPPORTED,
          operation.place(),
          table.name() + "." + old.name() + " cannot be replaced side by side: " + reason,
          "write the phases yourself: .expand.sql and .contract.sql");
    }
    return reasons.isEmpty();
  }
}
