using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.HyperDht.Messages;

/// <summary>How a node judges the way packets reach it.</summary>
public enum FirewallState
{
    Unknown = 0,
    Open = 1,
    Consistent = 2,
    Random = 3,
}

/// <summary>Why the other side ends a handshake or a holepunch.</summary>
public enum HandshakeError
{
    None = 0,
    Aborted = 1,
    VersionMismatch = 2,
    TryLater = 3,
}

/// <summary>A relay of a server, and the server's address as that relay sees it.</summary>
public readonly record struct HolepunchRelay(PeerAddress RelayAddress, PeerAddress PeerAddress);

/// <summary>What a client needs to ask a firewalled server for a holepunch.</summary>
public sealed record HolepunchInfo(ulong Id, IReadOnlyList<HolepunchRelay> Relays)
{
    internal void EncodeTo(CompactWriter writer)
    {
        writer.UInt(Id).UInt((ulong)Relays.Count);
        foreach (HolepunchRelay relay in Relays)
            writer.Address(relay.RelayAddress).Address(relay.PeerAddress);
    }

    internal static bool TryRead(ref CompactReader reader, out HolepunchInfo info)
    {
        info = new HolepunchInfo(0, []);
        if (!reader.TryUInt(out ulong id) || !reader.TryUInt(out ulong count))
            return false;
        if (count > (ulong)(reader.RemainingLength / (2 * PeerAddress.EncodedSize)))
            return false;
        HolepunchRelay[] relays = new HolepunchRelay[count];
        foreach (ref HolepunchRelay relay in relays.AsSpan())
        {
            _ = reader.TryAddress(out PeerAddress relayAddress);
            _ = reader.TryAddress(out PeerAddress peerAddress);
            relay = new HolepunchRelay(relayAddress, peerAddress);
        }

        info = new HolepunchInfo(id, relays);
        return true;
    }
}

/// <summary>The sender's end of the UDX stream that will carry the connection.</summary>
public sealed record UdxInfo(uint Id, ulong Sequence = 0, bool ReusableSocket = false, ulong Version = 1)
{
    internal static bool TryRead(ref CompactReader reader, [NotNullWhen(true)] out UdxInfo? info)
    {
        bool read = reader.TryUInt(out ulong version);
        read &= reader.TryUInt(out ulong features);
        read &= reader.TryUInt(out uint id);
        read &= reader.TryUInt(out ulong sequence);
        info = new UdxInfo(id, sequence, (features & 1) != 0, version);
        return read;
    }
}

/// <summary>A third node through which the sender offers to relay the stream.</summary>
public sealed record RelayThroughInfo(Bytes32 PublicKey, Bytes32 Token)
{
    internal static bool TryRead(ref CompactReader reader, [NotNullWhen(true)] out RelayThroughInfo? info)
    {
        bool read = reader.TryUInt(out ulong _);
        read &= reader.TryUInt(out ulong _);
        read &= reader.TryFixed32(out Bytes32 publicKey);
        read &= reader.TryFixed32(out Bytes32 token);
        info = new RelayThroughInfo(publicKey, token);
        return read;
    }
}
