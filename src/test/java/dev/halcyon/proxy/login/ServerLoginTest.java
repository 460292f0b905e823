package dev.halcyon.proxy.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.proxy.tls.ProxyKey;
import dev.halcyon.proxy.tls.ServerEnd;
import dev.halcyon.proxy.tls.TlsEnds;
import dev.halcyon.proxy.tls.TlsSettings;
import dev.halcyon.proxy.wire.AuthSwitch;
import dev.halcyon.proxy.wire.Bytes;
import dev.halcyon.proxy.wire.Capabilities;
import dev.halcyon.proxy.wire.ErrPacket;
import dev.halcyon.proxy.wire.Greeting;
import dev.halcyon.proxy.wire.LoginFrames;
import dev.halcyon.proxy.wire.LoginRequest;
import dev.halcyon.proxy.wire.PayloadWriter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Servers that are none of those at hand. */
class ServerLoginTest {
  private final LoginFrames frames = new LoginFrames();
  private final Told told = new Told();
  private final ServerLogin login = new ServerLogin(frames, plain(), told);
  private final EmbeddedChannel channel = new EmbeddedChannel(frames, login);

  @Test
  void pluginOfMariaDbIsNamedWithWhatToDo() {
    enter();
    receive(2, new AuthSwitch("client_ed25519", Bytes.of(new byte[32]))::encode);

    assertThat(told.errors)
        .singleElement()
        .satisfies(
            error ->
                assertThat(error.message())
                    .contains("client_ed25519")
                    .contains("mysql_native_password"));
    channel.finishAndReleaseAll();
  }

  @Test
  void clearPasswordIsNotToldOnDemand() {
    enter();
    receive(2, new AuthSwitch("mysql_clear_password", Bytes.NONE)::encode);

    assertThat(told.errors).hasSize(1);
    channel.finishAndReleaseAll();
  }

  @Test
  void noiseIsRefusedOnce() {
    enter();
    receive(2, writer -> writer.int1(77));
    receive(3, writer -> writer.int1(78));

    assertThat(told.errors)
        .singleElement()
        .satisfies(error -> assertThat(error.message()).contains("not understood"));
    channel.finishAndReleaseAll();
  }

  private void enter() {
    var capabilities =
        new Capabilities(
            Capabilities.PLUGIN_AUTH | Capabilities.PROTOCOL_41 | Capabilities.SECURE_CONNECTION);
    var greeting =
        new Greeting("1", 7, Bytes.of(new byte[20]), capabilities, 45, 2, "mysql_native_password");
    receive(0, greeting::encode);
    assertThat(told.greetings).hasSize(1);
    var request = LoginRequest.bare(Bytes.of((byte) 'u'), told.greetings.getFirst());
    login.enter(channel, told.greetings.getFirst(), request, Secret.of("x"));
  }

  private void receive(int sequence, Consumer<PayloadWriter> payload) {
    channel.writeInbound(PayloadWriter.packet(channel.alloc(), sequence, payload));
  }

  private static ServerEnd plain() {
    return TlsEnds.of(TlsSettings.NONE, ProxyKey::generate, Runnable::run)
        .towards(InetSocketAddress.createUnresolved("none", 3306));
  }

  /** Writes down what it is told. */
  private static final class Told implements ServerLogin.Visit {
    final List<Greeting> greetings = new ArrayList<>();
    final List<ErrPacket> errors = new ArrayList<>();

    @Override
    public void greeted(Greeting greeting) {
      greetings.add(greeting);
    }

    @Override
    public void entered(ServerLogin.Entry entry) {
      throw new AssertionError("Nobody has let it in: " + entry);
    }

    @Override
    public void refused(ErrPacket error) {
      errors.add(error);
    }
  }
}
