using System.Buffers.Binary;
using CsCheck;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Cryptography.Avx512;

namespace AuctionActors.Protocol.Tests.Cryptography;

public sealed unsafe class FrameCipherProperties
{
    private const int StateSize = 52;
    private const int CounterOffset = 32;
    private const byte RekeyTag = 2;

    /// <summary>Where the vectors are missing the product leaves everything to libsodium, and so do these tests.</summary>
    private static bool IsSupported => FrameCipher.IsSupported;

    [Fact]
    public void Every_length_is_encrypted_as_libsodium_does()
    {
        for (int length = FrameCipher.ShortestMessage; IsSupported && length < FrameCipher.ShortestMessage + 1200; length++)
            Compare(Random(StateSize, length), Random(length, length + 1), 0);
    }

    [Fact]
    public void Any_message_key_and_tag_are_encrypted_as_libsodium_does()
        => Gen.Select(Gen.Byte.Array[StateSize], Gen.Int[FrameCipher.ShortestMessage, 70000], Gen.Int[0, 4], Gen.Int).Sample(
            (state, length, tag, seed) =>
            {
                if (IsSupported)
                    Compare(state, Random(length, seed), tag == 4 ? (byte)255 : (byte)tag);
            },
            iter: 500);

    [Fact]
    public void Extreme_bytes_are_carried_as_libsodium_does()
    {
        foreach (byte value in (byte[])[0x00, 0xff])
        {
            byte[] state = new byte[StateSize], plain = new byte[FrameCipher.ShortestMessage + 77];
            Array.Fill(state, value);
            Array.Fill(plain, value);
            if (IsSupported)
                Compare(state, plain, 0);
        }
    }

    [Fact]
    public void The_key_changes_with_the_tag_for_it_and_when_the_counter_ends()
    {
        byte[] state = Random(StateSize, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(state.AsSpan(CounterOffset), uint.MaxValue);
        if (!IsSupported)
            return;
        Compare(state, Random(5000, 2), 0);
        Compare(Random(StateSize, 3), Random(5000, 4), RekeyTag);
    }

    [Fact]
    public void A_tampered_message_leaves_no_plain_text_and_no_trace_in_the_state()
        => Gen.Select(Gen.Int[FrameCipher.ShortestMessage, 6000], Gen.Int[0, int.MaxValue], Gen.Byte[1, 255], Gen.Int).Sample(
            (length, at, flip, seed) =>
            {
                if (!IsSupported)
                    return;
                byte[] state = Random(StateSize, seed), cipher = Push(state, Random(length, seed + 1), 0).Cipher, plain = new byte[length];
                cipher[at % cipher.Length] ^= flip;
                byte[] kept = [.. state];
                Assert.False(TryPull(kept, cipher, plain));
                Assert.Equal(state, kept);
                Assert.All(plain, one => Assert.Equal(0, one));
            },
            iter: 100);

    private static void Compare(byte[] state, byte[] plain, byte tag)
    {
        byte[] theirs = [.. state], cipher = new byte[plain.Length + StreamCipher.Overhead];
        fixed (byte* s = theirs, c = cipher, m = plain)
            _ = Sodium.crypto_secretstream_xchacha20poly1305_push(s, c, null, m, (ulong)plain.Length, null, 0, tag);
        (byte[] ours, byte[] after) = Push(state, plain, tag);
        Assert.Equal(cipher, ours);
        Assert.Equal(theirs, after);

        byte[] reader = [.. state], opened = new byte[plain.Length];
        Assert.True(TryPull(reader, cipher, opened));
        Assert.Equal(plain, opened);
        Assert.Equal(theirs, reader);
    }

    private static (byte[] Cipher, byte[] State) Push(byte[] state, byte[] plain, byte tag)
    {
        byte[] after = [.. state], cipher = new byte[plain.Length + StreamCipher.Overhead];
        fixed (byte* s = after, c = cipher, m = plain)
            FrameCipher.Push(s, tag, m, c, plain.Length);
        return (cipher, after);
    }

    private static bool TryPull(byte[] state, byte[] cipher, byte[] plain)
    {
        fixed (byte* s = state, c = cipher, m = plain)
            return FrameCipher.TryPull(s, c, m, plain.Length);
    }

    private static byte[] Random(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
