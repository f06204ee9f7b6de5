using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace Hyper.Protocol.Cryptography.Avx512;

/// <summary>What secretstream does to one long message, many blocks at a time; the state lies in memory as libsodium's does.</summary>
internal static unsafe class FrameCipher
{
    /// <summary>Shorter messages are left to libsodium.</summary>
    public const int ShortestMessage = 2048;

    private const int NonceOffset = 32;
    private const int HeadSize = 2 * ChaChaBlocks.BlockSize;
    private const int FirstPart = ChaChaBlocks.StepSize - HeadSize;
    private const byte RekeyTag = 2;

    public static bool IsSupported => Avx512F.IsSupported;

    /// <summary>Writes the encrypted tag, the encrypted message and the MAC.</summary>
    public static void Push(byte* state, byte tag, byte* plain, byte* cipher, int length)
    {
        byte* mac = stackalloc byte[FrameMac.Size];
        cipher[0] = Run(state, tag, isOpening: false, plain, cipher + 1, length, mac);
        new ReadOnlySpan<byte>(mac, FrameMac.Size).CopyTo(new Span<byte>(cipher + 1 + length, FrameMac.Size));
        MoveOn(state, tag, mac);
    }

    /// <summary>False, and nothing to read, when the MAC is not the message's.</summary>
    public static bool TryPull(byte* state, byte* cipher, byte* plain, int length)
    {
        byte* mac = stackalloc byte[FrameMac.Size];
        byte* given = stackalloc byte[FrameMac.Size];
        new ReadOnlySpan<byte>(cipher + 1 + length, FrameMac.Size).CopyTo(new Span<byte>(given, FrameMac.Size));
        byte tag = Run(state, cipher[0], isOpening: true, cipher + 1, plain, length, mac);
        if (!CryptographicOperations.FixedTimeEquals(new ReadOnlySpan<byte>(given, FrameMac.Size), new ReadOnlySpan<byte>(mac, FrameMac.Size)))
        {
            new Span<byte>(plain, length).Clear();
            return false;
        }

        MoveOn(state, tag, mac);
        return true;
    }

    /// <summary>Turns tag and message into their other form, and computes the MAC of the encrypted one; returns the tag's other form.</summary>
    private static byte Run(byte* state, byte tag, bool isOpening, byte* source, byte* destination, int length, byte* mac)
    {
        uint* words = stackalloc uint[ChaChaBlocks.Words];
        ChaChaBlocks.SetState(words, state, state + NonceOffset);

        // The first block is the MAC's key, the second hides the tag, and the message begins with the third.
        byte* part = stackalloc byte[ChaChaBlocks.StepSize];
        new Span<byte>(part, HeadSize).Clear();
        byte* tagBlock = part + ChaChaBlocks.BlockSize;
        *tagBlock = tag;
        Copy(source, part + HeadSize, FirstPart);
        ChaChaBlocks.Xor(words, part, part, 1);
        byte otherTag = *tagBlock;
        *tagBlock = isOpening ? tag : otherTag;
        FrameMac result = new(part, tagBlock, length);
        result.Absorb(isOpening ? source : part + HeadSize, FirstPart);
        Copy(part + HeadSize, destination, FirstPart);

        int done = FirstPart;
        for (; length - done >= ChaChaBlocks.StepSize; done += ChaChaBlocks.StepSize)
        {
            if (isOpening)
                result.Absorb(source + done, ChaChaBlocks.StepSize);
            ChaChaBlocks.Xor(words, source + done, destination + done, 1);
            if (!isOpening)
                result.Absorb(destination + done, ChaChaBlocks.StepSize);
        }

        int rest = length - done;
        Copy(source + done, part, rest);
        if (isOpening)
            result.Finish(part, rest, mac);
        ChaChaBlocks.Xor(words, part, part, 1);
        if (!isOpening)
            result.Finish(part, rest, mac);
        Copy(part, destination + done, rest);
        return otherTag;
    }

    private static void MoveOn(byte* state, byte tag, byte* mac)
    {
        byte* counter = state + NonceOffset;
        byte* nonce = counter + sizeof(uint);
        *(ulong*)nonce ^= *(ulong*)mac;
        Span<byte> count = new(counter, sizeof(uint));
        uint next = BinaryPrimitives.ReadUInt32LittleEndian(count) + 1;
        BinaryPrimitives.WriteUInt32LittleEndian(count, next);
        if (next == 0 || (tag & RekeyTag) != 0)
            Sodium.crypto_secretstream_xchacha20poly1305_rekey(state);
    }

    private static void Copy(byte* from, byte* to, int length) => new ReadOnlySpan<byte>(from, length).CopyTo(new Span<byte>(to, length));
}
