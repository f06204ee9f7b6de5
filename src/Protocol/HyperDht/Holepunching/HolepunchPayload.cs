using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>What the two ends of a holepunch tell each other, before encryption.</summary>
/// <param name="RemoteAddress">The address the sender has opened a session to.</param>
/// <param name="Token">Proof to be echoed by a peer that really receives at its address.</param>
/// <param name="RemoteToken">Echo of the other side's token.</param>
public sealed record HolepunchPayload(
    HandshakeError Error,
    FirewallState Firewall,
    ulong Round,
    bool Connected = false,
    bool Punching = false,
    IReadOnlyList<PeerAddress>? Addresses = null,
    PeerAddress? RemoteAddress = null,
    Bytes32? Token = null,
    Bytes32? RemoteToken = null)
{
    private const ulong ConnectedFlag = 1, PunchingFlag = 2, AddressesFlag = 4, RemoteAddressFlag = 8, TokenFlag = 16, RemoteTokenFlag = 32;

    public byte[] Encode()
    {
        CompactWriter writer = new();
        writer.UInt(
            (Connected ? ConnectedFlag : 0) | (Punching ? PunchingFlag : 0) | (Addresses is null ? 0 : AddressesFlag)
            | (RemoteAddress is null ? 0 : RemoteAddressFlag)
            | (Token is null ? 0 : TokenFlag) | (RemoteToken is null ? 0 : RemoteTokenFlag));
        writer.UInt((ulong)Error).UInt((ulong)Firewall).UInt(Round);
        if (Addresses is not null)
            writer.Addresses(Addresses);
        if (RemoteAddress is { } remote)
            writer.Address(remote);
        if (Token is { } token)
            writer.Fixed32(token);
        if (RemoteToken is { } echo)
            writer.Fixed32(echo);
        return writer.ToArray();
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out HolepunchPayload payload)
    {
        CompactReader reader = new(bytes);
        bool read = reader.TryUInt(out ulong flags);
        read &= reader.TryUInt(out uint error);
        read &= reader.TryUInt(out uint firewall);
        read &= reader.TryUInt(out ulong round);
        PeerAddress[]? addresses = null;
        if (read && (flags & AddressesFlag) != 0)
            read = reader.TryAddresses(out addresses);
        PeerAddress remote = default;
        if (read && (flags & RemoteAddressFlag) != 0)
            read = reader.TryAddress(out remote);
        Bytes32 token = default, echo = default;
        if (read && (flags & TokenFlag) != 0)
            read = reader.TryFixed32(out token);
        if (read && (flags & RemoteTokenFlag) != 0)
            read = reader.TryFixed32(out echo);
        payload = new HolepunchPayload(
            (HandshakeError)error, (FirewallState)firewall, round, (flags & ConnectedFlag) != 0, (flags & PunchingFlag) != 0, addresses,
            (flags & RemoteAddressFlag) != 0 ? remote : null,
            (flags & TokenFlag) != 0 ? token : null,
            (flags & RemoteTokenFlag) != 0 ? echo : null);
        return read;
    }
}
