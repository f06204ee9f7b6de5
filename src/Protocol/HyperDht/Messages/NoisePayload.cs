using System.Buffers.Binary;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.HyperDht.Messages;

/// <summary>The plaintext inside both Noise messages of a DHT handshake.</summary>
public sealed record NoisePayload
{
    /// <summary>The only version whose members are decoded.</summary>
    public const ulong CurrentVersion = 1;

    private const int Address6Size = 18;
    private const ulong HolepunchFlag = 1, Addresses4Flag = 2, Addresses6Flag = 4, UdxFlag = 8,
        SecretStreamFlag = 16, RelayThroughFlag = 32, RelayAddressesFlag = 64;

    public ulong Version { get; init; } = CurrentVersion;

    public HandshakeError Error { get; init; }

    public FirewallState Firewall { get; init; }

    public HolepunchInfo? Holepunch { get; init; }

    public IReadOnlyList<PeerAddress> Addresses4 { get; init; } = [];

    public IReadOnlyList<PeerAddress6> Addresses6 { get; init; } = [];

    public UdxInfo? Udx { get; init; }

    /// <summary>Version of the encrypted stream that follows, when the sender names one.</summary>
    public ulong? SecretStream { get; init; }

    public RelayThroughInfo? RelayThrough { get; init; }

    public IReadOnlyList<PeerAddress>? RelayAddresses { get; init; }

    public byte[] Encode()
    {
        CompactWriter writer = new();
        writer.UInt(Version).UInt(Flags()).UInt((ulong)Error).UInt((ulong)Firewall);
        if (Holepunch is not null)
            Holepunch.EncodeTo(writer);
        if (Addresses4.Count > 0)
            writer.Addresses(Addresses4);
        if (Addresses6.Count > 0)
            WriteAddresses6(writer);
        if (Udx is not null)
            writer.UInt(1).UInt(Udx.ReusableSocket ? 1u : 0u).UInt(Udx.Id).UInt(Udx.Sequence);
        if (SecretStream is { } version)
            writer.UInt(version);
        if (RelayThrough is not null)
            writer.UInt(1).UInt(0).Fixed32(RelayThrough.PublicKey).Fixed32(RelayThrough.Token);
        if (RelayAddresses is not null)
            writer.Addresses(RelayAddresses);
        return writer.ToArray();
    }

    /// <summary>A payload of another version decodes to nothing but that version.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out NoisePayload payload)
    {
        CompactReader reader = new(bytes);
        payload = new NoisePayload();
        if (!reader.TryUInt(out ulong version))
            return false;
        payload = payload with { Version = version };
        if (version != CurrentVersion)
            return true;
        if (!reader.TryUInt(out ulong flags) || !reader.TryUInt(out uint error) || !reader.TryUInt(out uint firewall))
            return false;
        payload = payload with { Error = (HandshakeError)error, Firewall = (FirewallState)firewall };
        return TryReadAddresses(ref reader, flags, ref payload) && TryReadStream(ref reader, flags, ref payload);
    }

    private ulong Flags()
        => (Holepunch is null ? 0 : HolepunchFlag) | (Addresses4.Count == 0 ? 0 : Addresses4Flag)
            | (Addresses6.Count == 0 ? 0 : Addresses6Flag) | (Udx is null ? 0 : UdxFlag)
            | (SecretStream is null ? 0 : SecretStreamFlag) | (RelayThrough is null ? 0 : RelayThroughFlag)
            | (RelayAddresses is null ? 0 : RelayAddressesFlag);

    private void WriteAddresses6(CompactWriter writer)
    {
        writer.UInt((ulong)Addresses6.Count);
        foreach (PeerAddress6 address in Addresses6)
        {
            BinaryPrimitives.WriteUInt128BigEndian(writer.Reserve(16), address.Host);
            writer.UInt16(address.Port);
        }
    }

    private static bool TryReadAddresses(ref CompactReader reader, ulong flags, ref NoisePayload payload)
    {
        if ((flags & HolepunchFlag) != 0)
        {
            if (!HolepunchInfo.TryRead(ref reader, out HolepunchInfo info))
                return false;
            payload = payload with { Holepunch = info };
        }

        if ((flags & Addresses4Flag) != 0)
        {
            if (!reader.TryAddresses(out PeerAddress[] addresses))
                return false;
            payload = payload with { Addresses4 = addresses };
        }

        if ((flags & Addresses6Flag) == 0)
            return true;
        bool read = TryReadAddresses6(ref reader, out PeerAddress6[] addresses6);
        payload = payload with { Addresses6 = addresses6 };
        return read;
    }

    private static bool TryReadAddresses6(ref CompactReader reader, out PeerAddress6[] addresses)
    {
        addresses = [];
        if (!reader.TryUInt(out ulong count) || count > (ulong)(reader.RemainingLength / Address6Size))
            return false;
        addresses = new PeerAddress6[count];
        foreach (ref PeerAddress6 address in addresses.AsSpan())
        {
            _ = reader.TryRaw(16, out ReadOnlySpan<byte> host);
            _ = reader.TryUInt16(out ushort port);
            address = new PeerAddress6(BinaryPrimitives.ReadUInt128BigEndian(host), port);
        }

        return true;
    }

    private static bool TryReadStream(ref CompactReader reader, ulong flags, ref NoisePayload payload)
    {
        UdxInfo? udx = null;
        if ((flags & UdxFlag) != 0 && !UdxInfo.TryRead(ref reader, out udx))
            return false;
        ulong secretStream = 0;
        if ((flags & SecretStreamFlag) != 0 && !reader.TryUInt(out secretStream))
            return false;
        RelayThroughInfo? through = null;
        if ((flags & RelayThroughFlag) != 0 && !RelayThroughInfo.TryRead(ref reader, out through))
            return false;
        PeerAddress[]? relays = null;
        if ((flags & RelayAddressesFlag) != 0 && !reader.TryAddresses(out relays))
            return false;
        payload = payload with
        {
            Udx = udx,
            SecretStream = (flags & SecretStreamFlag) != 0 ? secretStream : null,
            RelayThrough = through,
            RelayAddresses = relays,
        };
        return true;
    }
}
