package dev.halcyon.cli;

import dev.halcyon.model.Version;
import dev.halcyon.rebuild.Control;
import dev.halcyon.rebuild.Way;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/** Every command, each under its name. */
final class Commands {
  private record Entry(String name, Supplier<Object> command) {}

  /** In the order of their use. */
  private static final List<Entry> ALL =
      List.of(
          new Entry("init", InitCommand::new),
          new Entry("doctor", DoctorCommand::new),
          new Entry("status", StatusCommand::new),
          new Entry("lint", LintCommand::new),
          new Entry("plan", PlanCommand::new),
          new Entry("expand", ExpandCommand::new),
          new Entry("verify", VerifyCommand::new),
          new Entry("usage", UsageCommand::new),
          new Entry("contract", ContractCommand::new),
          new Entry("rollback", RollbackCommand::new),
          new Entry("alter", AlterCommand::new),
          new Entry("release", ReleaseCommand::new),
          new Entry("proxy", ProxyCommand::new),
          new Entry("pair", PairCommand::new),
          new Entry("demo", DemoCommand::new));

  private Commands() {}

  /** The whole command line. */
  static CommandLine all() {
    return of(ALL);
  }

  /**
   * The command line with only the commands that the arguments may mean, since describing a command
   * to the parser costs time; the whole of it if they mean none.
   */
  static CommandLine meantBy(Collection<String> arguments) {
    var meant = ALL.stream().filter(entry -> arguments.contains(entry.name())).toList();
    return meant.isEmpty() ? all() : of(meant);
  }

  private static CommandLine of(List<Entry> entries) {
    var program = new Halcyon();
    var line = new CommandLine(program);
    entries.forEach(entry -> line.addSubcommand(entry.name(), entry.command().get()));
    for (Setting setting : Setting.values()) {
      var takers =
          switch (setting.area()) {
            case RUNS -> line;
            case LINT -> line.getSubcommands().get("lint");
            case PAIR -> line.getSubcommands().get("pair");
            case PROXY -> line.getSubcommands().get("proxy");
          };
      if (takers != null && setting.flag().isPresent()) {
        takers.getCommandSpec().addOption(option(setting, program));
      }
    }
    line.registerConverter(Version.class, Version::parse);
    line.registerConverter(Control.class, Control::parse);
    line.registerConverter(Way.class, Way::parse);
    line.registerConverter(Duration.class, Layers::time);
    line.registerConverter(LintFormat.class, LintFormat::parse);
    line.setExpandAtFiles(false);
    return line;
  }

  private static OptionSpec option(Setting setting, Halcyon program) {
    return OptionSpec.builder(setting.flag().orElseThrow())
        .type(String.class)
        .paramLabel(setting.argument().orElseThrow())
        .description(setting.meaning())
        .scopeType(ScopeType.INHERIT)
        .setter(
            new ISetter() {
              @Override
              @SuppressWarnings("unchecked")
              public <T> T set(T value) {
                if (value instanceof String text) {
                  program.flags().put(setting, text);
                }
                return value;
              }
            })
        .build();
  }
}
