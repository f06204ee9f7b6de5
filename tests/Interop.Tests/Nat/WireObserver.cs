using System.Buffers.Binary;

namespace AuctionActors.Interop.Tests.Nat;

/// <summary>Says from the packets between two homes how their peers met, whatever they say themselves.</summary>
public sealed class WireObserver
{
    private const byte Udp = 17;
    private const int UdpHeader = 8, SmallestStreamPacket = 20, ManyProbes = 40, ManyPorts = 20;
    private readonly Lock _lock = new();
    private readonly HashSet<(byte Home, ushort Port)> _ports = [];
    private int _probes;
    private int _knocks;
    private int _streamBytes;
    private int _relayedBytes;
    private bool _hasMet;

    /// <summary>Forgets what was seen.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _ports.Clear();
            (_probes, _knocks, _streamBytes, _relayedBytes, _hasMet) = (0, 0, 0, 0, false);
        }
    }

    /// <summary>The kind of path: direct, punched, birthday or relayed; none when no stream has crossed the core.</summary>
    public string Path
    {
        get
        {
            lock (_lock)
            {
                if (_streamBytes == 0)
                    return _relayedBytes > 0 ? "relayed" : "none";
                return _probes == 0 ? "direct" : _probes > ManyProbes || _ports.Count > ManyPorts ? "birthday" : "punched";
            }
        }
    }

    public override string ToString()
    {
        lock (_lock)
            return $"{_probes} probes, {_knocks} to die on the way, from {_ports.Count} ports; {_streamBytes} bytes of streams, {_relayedBytes} by others";
    }

    internal void See(ReadOnlySpan<byte> packet, bool dies)
    {
        int header = (packet[0] & 15) * 4;
        if (packet[9] != Udp || packet.Length < header + UdpHeader)
            return;
        (byte from, byte to) = (packet[12], packet[16]);
        ReadOnlySpan<byte> body = packet[(header + UdpHeader)..];
        bool isBetweenHomes = IsHome(from) && IsHome(to);
        bool isStream = body.Length >= SmallestStreamPacket && body[0] == 0xFF && body[1] == 1;
        lock (_lock)
        {
            if (isStream && !isBetweenHomes)
                _relayedBytes += body.Length;
            else if (isStream)
                (_hasMet, _streamBytes) = (true, _streamBytes + body.Length);
            else if (body.Length == 1 && isBetweenHomes && !_hasMet)
                CountProbe((from, BinaryPrimitives.ReadUInt16BigEndian(packet[header..])), dies);
        }
    }

    private static bool IsHome(byte network) => network is 40 or 60;

    private void CountProbe((byte Home, ushort Port) source, bool dies)
    {
        _probes++;
        _knocks += dies ? 1 : 0;
        _ports.Add(source);
    }
}
