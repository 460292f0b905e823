package dev.halcyon.plan;

import dev.halcyon.model.Place;
import java.util.List;

/**
 * One thing that a change does to schema or data, and how it is spread over the phases so that the
 * running application survives. One file each.
 */
sealed interface Operation
    permits AddCheck,
        AddColumn,
        AddForeignKey,
        AddIndex,
        AlterColumn,
        CreateTable,
        CreateView,
        DropColumn,
        DropConstraint,
        DropIndex,
        DropTable,
        DropView,
        MergeColumns,
        RenameIndex,
        RenameTable,
        ReplaceColumn,
        RunAsWritten,
        SetIndexVisible,
        SplitColumns,
        WriteData {

  /** Puts the steps of this operation into the outline; what stands against it becomes findings. */
  void derive(Outline outline);

  /** Where the file asks for it. */
  Place place();

  /** {@code table.column}, or {@code table} when the whole table is affected. */
  List<String> touches();
}
