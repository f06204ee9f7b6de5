using CsCheck;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.SecretStream.Noise;

namespace AuctionActors.Protocol.Tests.SecretStream.Noise;

public sealed class NoiseHandshakeTests
{
    private static readonly SeededEntropy Entropy = new(1, "noise");
    private static readonly KeyPair Alice = KeyPair.Generate(Entropy);
    private static readonly KeyPair Bob = KeyPair.Generate(Entropy);

    [Fact]
    public void Payloads_of_any_length_arrive()
        => Gen.Byte.Array[0, 300].Sample(payload =>
        {
            NoiseHandshake alice = NoiseHandshake.InitiateIK(Alice, Bob.PublicKey, [7], Entropy), bob = NoiseHandshake.RespondIK(Bob, [7], Entropy);
            return bob.TryReceive(alice.Send(payload), out byte[] first) && first.AsSpan().SequenceEqual(payload)
                && alice.TryReceive(bob.Send(payload), out byte[] second) && second.AsSpan().SequenceEqual(payload)
                && alice.Result!.Tx == bob.Result!.Rx && alice.Result.Rx == bob.Result.Tx;
        }, iter: 50, threads: 1);

    [Fact]
    public void Another_prologue_is_refused()
    {
        NoiseHandshake bob = NoiseHandshake.RespondIK(Bob, [8], Entropy);
        Assert.False(bob.TryReceive(NoiseHandshake.InitiateIK(Alice, Bob.PublicKey, [7], Entropy).Send([]), out _));
        Assert.True(bob.IsFailed);
        Assert.False(bob.IsSendersTurn);
    }

    [Fact]
    public void Any_flipped_bit_is_refused()
    {
        byte[] message = NoiseHandshake.InitiateIK(Alice, Bob.PublicKey, [], Entropy).Send([1, 2, 3]);
        // The sign bit of a point is part of the encoding too, so every byte counts.
        for (int i = 0; i < message.Length; i++)
        {
            byte[] tampered = [.. message];
            tampered[i] ^= 1;
            Assert.False(NoiseHandshake.RespondIK(Bob, [], Entropy).TryReceive(tampered, out _), $"byte {i}");
        }
    }

    [Fact]
    public void Random_bytes_never_pass_nor_throw()
        => Gen.Byte.Array[0, 200].Sample(bytes =>
            !NoiseHandshake.RespondIK(Bob, [], Entropy).TryReceive(bytes, out _), iter: 300, threads: 1);

    [Fact]
    public void A_worthless_ephemeral_ends_a_handshake_between_strangers()
    {
        NoiseHandshake bob = NoiseHandshake.RespondXX(Bob, [], Entropy);
        Assert.True(bob.TryReceive(new byte[32], out _));
        Assert.False(bob.TrySend([], out _));
        Assert.True(bob.IsFailed);
    }

    [Fact]
    public void A_worthless_remote_key_is_told_apart_from_an_error_of_ours()
        => Assert.False(NoiseHandshake.InitiateIK(Alice, new PublicKey(Bytes32.Zero), [], Entropy).TrySend([], out _));

    [Fact]
    public void A_message_out_of_turn_is_refused()
    {
        NoiseHandshake alice = NoiseHandshake.InitiateXX(Alice, [], Entropy);
        Assert.False(alice.TryReceive(new byte[32], out _));
    }
}
