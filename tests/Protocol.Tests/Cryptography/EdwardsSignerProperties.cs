using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CsCheck;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Cryptography.Edwards;

namespace AuctionActors.Protocol.Tests.Cryptography;

public sealed unsafe class EdwardsSignerProperties
{
    private const int ScalarSize = 32;
    private static readonly BigInteger s_modulus = (BigInteger.One << 255) - 19;

    private static readonly Gen<byte[]> s_numbers = Gen.OneOf(
        Gen.Byte.Array[FieldElement.Size],
        Gen.Byte[0xe0, 0xff].Select(lowest => (byte[])[lowest, .. Enumerable.Repeat((byte)0xff, 30), 0x7f]),
        Gen.Byte.Select(lowest => (byte[])[lowest, .. new byte[31]]));

    /// <summary>Where the processor lacks what is needed libsodium signs, and these tests have nothing to compare.</summary>
    private static bool IsSupported => EdwardsSigner.IsSupported;

    [Fact]
    public void Numbers_of_the_field_are_computed_as_large_integers_are()
        => Gen.Select(s_numbers, s_numbers).Sample((one, other) =>
        {
            if (!IsSupported)
                return;
            FieldElement a = FieldElement.Read(one), b = FieldElement.Read(other);
            BigInteger x = ValueOf(one), y = ValueOf(other);
            Check(x + y, a + b);
            Check(x - y, a - b);
            Check(x * y, a * b);
            Check(x * x, a.Square());
            Check(BigInteger.ModPow(x, 1 << 7, s_modulus), a.Square(7));
        });

    [Fact]
    public void The_inverse_of_a_number_times_the_number_is_one()
        => s_numbers.Sample(
            number =>
            {
                if (IsSupported)
                    Check(BigInteger.ModPow(ValueOf(number), s_modulus - 2, s_modulus), FieldElement.Read(number).Invert());
            },
            iter: 200);

    [Fact]
    public void Lanes_multiply_limbs_as_great_as_a_difference_leaves_them()
    {
        if (!IsSupported)
            return;
        const int Size = FieldLanes.Room + FieldLanes.Limbs;
        Vector512<ulong>* memory = (Vector512<ulong>*)NativeMemory.AlignedAlloc((nuint)(3 * Size * sizeof(Vector512<ulong>)), 64);
        Vector512<ulong>* a = memory + FieldLanes.Room, b = a + Size, product = b + Size;
        BigInteger factor = 0;
        for (int i = 0, at = 0; i < FieldLanes.Limbs; i++)
        {
            int bits = (i & 1) == 0 ? FieldLanes.EvenBits : FieldLanes.EvenBits - 1;
            a[i] = b[i] = Vector512.Create((3UL << bits) + (1UL << (bits - 8)));
            factor += (BigInteger)a[i].ToScalar() << at;
            at += bits;
        }

        FieldLanes.Multiply(a, b, product);
        Check(factor * factor, FieldLanes.First(product));
        Assert.All(Enumerable.Range(0, FieldLanes.Limbs), limb => Assert.Equal(Vector512.Create(product[limb].ToScalar()), product[limb]));
        NativeMemory.AlignedFree(memory);
    }

    [Theory]
    [InlineData(0x00, 0x00)]
    [InlineData(0x11, 0x01)]
    [InlineData(0x77, 0x07)]
    [InlineData(0x88, 0x08)]
    [InlineData(0x80, 0x70)]
    [InlineData(0x08, 0x78)]
    [InlineData(0xff, 0x7f)]
    public void Extreme_digits_of_a_scalar_find_the_right_multiples(byte digits, byte highest)
    {
        if (IsSupported)
            CheckMultiple([.. Enumerable.Repeat(digits, ScalarSize - 1), highest]);
    }

    [Fact]
    public void Any_multiple_of_the_base_point_is_that_of_doubling_and_adding()
        => Gen.Byte.Array[ScalarSize].Sample(
            scalar =>
            {
                scalar[^1] &= 127;
                if (IsSupported)
                    CheckMultiple(scalar);
            },
            iter: 200);

    [Fact]
    public void Any_message_is_signed_to_the_bytes_of_libsodium()
        => Gen.Select(Gen.Byte.Array[Bytes32.Size], Gen.Byte.Array[0, EdwardsSigner.LongestMessage]).Sample((seed, message) =>
        {
            if (!IsSupported)
                return;
            KeyPair pair = KeyPair.FromSeed(new Bytes32(seed));
            byte[] signature = new byte[Ed25519.SignatureSize];
            new EdwardsSigner(pair).Sign(message, signature);
            Assert.Equal(SignBySodium(pair, message), signature);
        });

    [Theory]
    [InlineData(112)]
    [InlineData(EdwardsSigner.LongestMessage)]
    [InlineData(EdwardsSigner.LongestMessage + 1)]
    public void A_key_signs_alike_however_often_it_has_signed(int length)
    {
        KeyPair pair = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)length, Bytes32.Size)]));
        byte[] message = [.. Enumerable.Range(0, length).Select(i => (byte)i)], expected = SignBySodium(pair, message);
        for (int i = 0; i < 2 * EdwardsSigner.SignaturesBefore; i++)
            Assert.Equal(expected, Ed25519.Sign(pair, message));
        Assert.True(Ed25519.Verify(pair.PublicKey, message, expected));
    }

    private static void CheckMultiple(byte[] scalar)
    {
        byte[] expected = new byte[FieldElement.Size], actual = new byte[FieldElement.Size];
        EdwardsPoint sum = new(FieldElement.Zero, FieldElement.One, FieldElement.One, FieldElement.Zero);
        for (int bit = (8 * ScalarSize) - 1; bit >= 0; bit--)
        {
            sum += sum;
            if ((scalar[bit / 8] >> (bit % 8) & 1) != 0)
                sum += EdwardsPoint.Base;
        }

        sum.Write(expected);
        PointLanes.MultiplyBase(scalar).Write(actual);
        Assert.Equal(expected, actual);
    }

    private static byte[] SignBySodium(KeyPair pair, byte[] message)
    {
        byte[] signature = new byte[Ed25519.SignatureSize];
        fixed (byte* s = signature, m = message, k = pair.Secret)
            _ = Sodium.crypto_sign_detached(s, null, m, (ulong)message.Length, k);
        return signature;
    }

    private static BigInteger ValueOf(byte[] number) => new BigInteger(number, isUnsigned: true) & ((BigInteger.One << 255) - 1);

    private static void Check(BigInteger expected, FieldElement actual)
    {
        byte[] bytes = new byte[FieldElement.Size];
        actual.Write(bytes);
        Assert.Equal(((expected % s_modulus) + s_modulus) % s_modulus, new BigInteger(bytes, isUnsigned: true));
    }
}
