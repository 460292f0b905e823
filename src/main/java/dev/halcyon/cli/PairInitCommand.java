package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.pair.start.PairStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import picocli.CommandLine.Command;

/** {@code halcyon pair init}. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a pair of two fresh servers, or of one with data and an empty one: copies a snapshot,",
      "with accounts and programs, and lets each follow the other. The one with data goes on."
    })
final class PairInitCommand implements Action {
  @Override
  public Answer act(Invocation invocation) {
    var layers = invocation.layers().get();
    layers.required(Setting.PAIR_REPLICATION_USER);
    layers.required(Setting.PAIR_REPLICATION_PASSWORD_FILE);
    var setup = PairSetupReader.read(layers);
    var user = layers.value(Setting.PAIR_REPLICATION_USER).orElseThrow();
    var password = password(layers.path(Setting.PAIR_REPLICATION_PASSWORD_FILE).orElseThrow());
    var result = PairStart.run(setup.pair(), user, password, invocation.events());
    var fields = new LinkedHashMap<String, Object>();
    fields.put("active", result.active());
    fields.put("passive", result.passive());
    fields.put("rows", result.rows());
    fields.put("accounts", result.accounts());
    fields.put("even", result.even());
    return Answer.done(
        "%s is active, %s follows it and is followed; %d rows and %d %s were copied%s\n"
            .formatted(
                result.active(),
                result.passive(),
                result.rows(),
                result.accounts(),
                result.accounts() == 1 ? "account" : "accounts",
                result.even() ? "" : "; it is still catching up"),
        fields);
  }

  private static String password(Path file) {
    try {
      return Files.readString(file).stripTrailing();
    } catch (IOException failure) {
      throw ErrorCode.SETTINGS_INVALID.refuse(
          Setting.PAIR_REPLICATION_PASSWORD_FILE.key() + ": " + file + " cannot be read.", "");
    }
  }
}
