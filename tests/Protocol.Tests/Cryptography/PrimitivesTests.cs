using System.Text;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Protocol.Tests.Cryptography;

public sealed class PrimitivesTests
{
    private static Bytes32 Filled(byte value) => new(Enumerable.Repeat(value, 32).ToArray());

    [Fact]
    public void Blake2b_agrees_with_the_published_empty_hash()
        => Assert.Equal("0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8", Blake2b.Hash256([]).ToHex());

    [Fact]
    public void Hashing_in_parts_equals_hashing_at_once()
    {
        byte[] input = Encoding.UTF8.GetBytes("one two three");
        Bytes32 whole = Blake2b.Keyed256(Filled(7).Span, input);
        Assert.Equal(whole, Blake2b.Keyed256(Filled(7).Span, input.AsSpan(0, 4), input.AsSpan(4, 4), input.AsSpan(8)));
        Assert.Equal(whole, new Blake2bHasher().Start(32, Filled(7).Span).Add(input.AsSpan(0, 5)).Add(input.AsSpan(5)).Finish256());
    }

    [Fact]
    public void A_signature_verifies_only_for_its_message_and_key()
    {
        KeyPair pair = KeyPair.FromSeed(Filled(1));
        byte[] signature = Ed25519.Sign(pair, "bid"u8);
        Assert.True(Ed25519.Verify(pair.PublicKey, "bid"u8, signature));
        Assert.False(Ed25519.Verify(pair.PublicKey, "bit"u8, signature));
        Assert.False(Ed25519.Verify(KeyPair.FromSeed(Filled(2)).PublicKey, "bid"u8, signature));
    }

    [Fact]
    public void A_pair_whose_secret_is_elsewhere_signs_and_is_refused_for_handshakes()
    {
        KeyPair here = KeyPair.FromSeed(Filled(1));
        KeyPair elsewhere = KeyPair.FromSigner(here.PublicKey, message => Ed25519.Sign(here, message));
        Assert.Equal(Ed25519.Sign(here, "bid"u8), Ed25519.Sign(elsewhere, "bid"u8));
        Assert.Throws<ArgumentException>(elsewhere.RequireSecret);
        Assert.Same(here, here.RequireSecret());
    }

    [Fact]
    public void Both_sides_agree_on_the_same_point()
    {
        KeyPair a = KeyPair.FromSeed(Filled(1)), b = KeyPair.FromSeed(Filled(2));
        Assert.True(Ed25519.TryAgree(a, b.PublicKey, out Bytes32 ab));
        Assert.True(Ed25519.TryAgree(b, a.PublicKey, out Bytes32 ba));
        Assert.Equal(ab, ba);
        Assert.False(Ed25519.TryAgree(a, new PublicKey(Bytes32.Zero), out _));
    }

    [Fact]
    public void A_stream_cipher_opens_messages_in_order_only()
    {
        StreamCipher push = new(Filled(3), new byte[24]), pull = new(Filled(3), new byte[24]);
        byte[] first = new byte[5 + StreamCipher.Overhead], second = new byte[5 + StreamCipher.Overhead], plain = new byte[5];
        push.Push("first"u8, first);
        push.Push("later"u8, second);
        Assert.False(pull.TryPull(second, plain));
        Assert.True(pull.TryPull(first, plain));
        Assert.Equal("first"u8.ToArray(), plain);
    }

    [Fact]
    public void Seeded_entropy_repeats_and_purposes_differ()
    {
        Assert.Equal(new SeededEntropy(7, "peer").Next32(), new SeededEntropy(7, "peer").Next32());
        Assert.NotEqual(new SeededEntropy(7, "peer").Next32(), new SeededEntropy(7, "disk").Next32());
        SeededEntropy whole = new(7, "peer"), parts = new(7, "peer");
        byte[] a = new byte[2000], b = new byte[2000];
        whole.Fill(a);
        for (int i = 0; i < 2000; i += 125)
            parts.Fill(b.AsSpan(i, 125));
        Assert.Equal(a, b);
    }
}
