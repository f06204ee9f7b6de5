using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Hyper.Protocol.CompactEncoding;

/// <summary>An IPv4 host and UDP port, the only address that carries traffic upstream.</summary>
/// <param name="Host">The address as a number whose most significant byte is the first octet.</param>
/// <param name="Port">UDP port.</param>
public readonly record struct PeerAddress(uint Host, ushort Port) : IComparable<PeerAddress>
{
    /// <summary>Bytes of the compact form: four address bytes, then the port in little-endian order.</summary>
    public const int EncodedSize = 6;

    public static PeerAddress Loopback(int port) => new(0x7f000001, checked((ushort)port));

    /// <summary>Reads dotted notation with a port, for example <c>127.0.0.1:30001</c>.</summary>
    public static bool TryParse(string? text, out PeerAddress address)
    {
        address = default;
        int colon = text?.LastIndexOf(':') ?? -1;
        return colon > 0
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            && TryParseHost(text!.AsSpan(0, colon), port, out address);
    }

    /// <summary>Reads four dotted decimal octets.</summary>
    public static bool TryParseHost(ReadOnlySpan<char> host, ushort port, out PeerAddress address)
    {
        address = default;
        uint value = 0;
        int octets = 0;
        foreach (Range range in host.Split('.'))
        {
            ReadOnlySpan<char> part = host[range];
            if (octets == 4 || part.Length > 3 || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out byte octet))
                return false;
            value = (value << 8) | octet;
            octets++;
        }

        if (octets != 4)
            return false;
        address = new PeerAddress(value, port);
        return true;
    }

    public bool IsLoopback => Host >> 24 == 127;

    public string HostText => $"{Host >> 24}.{(Host >> 16) & 255}.{(Host >> 8) & 255}.{Host & 255}";

    public IPEndPoint ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Host);
        return new IPEndPoint(new IPAddress(bytes), Port);
    }

    /// <summary>Writes the six compact bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Host);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[4..], Port);
    }

    public int CompareTo(PeerAddress other)
        => Host != other.Host ? Host.CompareTo(other.Host) : Port.CompareTo(other.Port);

    public static bool operator <(PeerAddress left, PeerAddress right) => left.CompareTo(right) < 0;

    public static bool operator >(PeerAddress left, PeerAddress right) => left.CompareTo(right) > 0;

    public static bool operator <=(PeerAddress left, PeerAddress right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PeerAddress left, PeerAddress right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{HostText}:{Port}";
}

/// <summary>An IPv6 host and UDP port: decoded and kept, never dialled.</summary>
public readonly record struct PeerAddress6(UInt128 Host, ushort Port);
