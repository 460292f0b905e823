package dev.halcyon.proxy.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halcyon.proxy.wire.Bytes;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A password proves itself and is told nowhere. */
class SecretTest {
  private static final Secret SECRET = Secret.of("swordfish");

  @Test
  void hasNoText() {
    assertThat(new Accounts(Map.of("shop", SECRET)).toString())
        .contains("shop")
        .doesNotContain("swordfish");
  }

  @Test
  void proofHoldsForItsNonceOnly() {
    var nonce = Bytes.of(new byte[20]);
    var another = Bytes.of(new byte[] {1, 2, 3});
    for (var plugin : AuthPlugin.values()) {
      var proof = plugin.proof(SECRET, nonce);
      assertThat(plugin.proves(proof, SECRET, nonce)).isTrue();
      assertThat(plugin.proves(proof, SECRET, another)).isFalse();
      assertThat(plugin.proves(proof, Secret.of("Swordfish"), nonce)).isFalse();
      assertThat(plugin.proves(Bytes.NONE, SECRET, nonce)).isFalse();
      assertThat(plugin.proves(Bytes.NONE, Secret.of(""), nonce)).isTrue();
    }
  }
}
