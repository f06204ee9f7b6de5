using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Hyper.Protocol.CompactEncoding;

/// <summary>Thirty-two bytes held by value: keys, hashes, node ids and tokens.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct Bytes32 : IEquatable<Bytes32>, IComparable<Bytes32>
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 32;

    private readonly ulong _a, _b, _c, _d;

    /// <summary>Copies exactly 32 bytes.</summary>
    public Bytes32(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"expected {Size} bytes, got {bytes.Length}", nameof(bytes));
        this = MemoryMarshal.Read<Bytes32>(bytes);
    }

    private Bytes32(ulong a, ulong b, ulong c, ulong d) => (_a, _b, _c, _d) = (a, b, c, d);

    public static Bytes32 Zero => default;

    public bool IsZero => (_a | _b | _c | _d) == 0;

    /// <summary>Reads 64 hexadecimal digits in either case.</summary>
    public static bool TryParseHex(string? text, out Bytes32 value)
    {
        value = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (text is null || text.Length != Size * 2)
            return false;
        if (Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        value = new Bytes32(bytes);
        return true;
    }

    /// <summary>The bytes in place; valid while the value it was taken from lives.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ReadOnlySpan<byte> Span => MemoryMarshal.AsBytes(new ReadOnlySpan<Bytes32>(in this));

    public void CopyTo(Span<byte> destination) => Span.CopyTo(destination);

    public byte[] ToArray() => Span.ToArray();

    /// <summary>Lower-case hexadecimal, 64 digits.</summary>
    public string ToHex() => Convert.ToHexStringLower(Span);

    public bool Equals(Bytes32 other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    public override bool Equals(object? obj) => obj is Bytes32 other && Equals(other);

    /// <summary>The first bytes: equal in every process, unlike the framework's seeded hashes.</summary>
    public override int GetHashCode() => (int)(_a ^ (_a >> 32) ^ _b);

    /// <summary>Compares as big-endian numbers, which is lexicographic order of the bytes.</summary>
    public int CompareTo(Bytes32 other)
        => _a != other._a ? Compare(_a, other._a)
            : _b != other._b ? Compare(_b, other._b)
            : _c != other._c ? Compare(_c, other._c)
            : Compare(_d, other._d);

    public static bool operator ==(Bytes32 left, Bytes32 right) => left.Equals(right);

    public static bool operator !=(Bytes32 left, Bytes32 right) => !left.Equals(right);

    public static bool operator <(Bytes32 left, Bytes32 right) => left.CompareTo(right) < 0;

    public static bool operator >(Bytes32 left, Bytes32 right) => left.CompareTo(right) > 0;

    public static bool operator <=(Bytes32 left, Bytes32 right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Bytes32 left, Bytes32 right) => left.CompareTo(right) >= 0;

    /// <summary>XOR distance as used by Kademlia, byte by byte.</summary>
    public static Bytes32 Distance(Bytes32 left, Bytes32 right)
        => new(left._a ^ right._a, left._b ^ right._b, left._c ^ right._c, left._d ^ right._d);

    public override string ToString() => ToHex();

    private static int Compare(ulong left, ulong right) => BigEndian(left).CompareTo(BigEndian(right));

    /// <summary>The number whose most significant byte is the first in memory.</summary>
    private static ulong BigEndian(ulong inMemory) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(inMemory) : inMemory;
}
