using AuctionActors.EventLog.Wire;
using Google.Protobuf;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.EventLog.Recording;

/// <summary>Collects events into one protobuf batch; one message object serves all of them.</summary>
internal sealed class BatchWriter
{
    private const uint Schema = 1;

    // Field 15, length-delimited: the events are encoded as they come and appended behind the head.
    private static readonly byte EventTag = (byte)WireFormat.MakeTag(Batch.EventsFieldNumber, WireFormat.WireType.LengthDelimited);

    private readonly CompactWriter _events = new(4096);
    private readonly Dictionary<string, uint> _names = [];
    private readonly Dictionary<PeerAddress, uint> _addresses = [];
    private readonly HashSet<uint> _peers = [];
    private readonly Event _event = new();
    private Batch _head = new();

    public int Count { get; private set; }

    /// <summary>Encoded bytes so far, names left out.</summary>
    public int Size => _events.Length;

    /// <summary>Adds an event with its number (from 1) and its time since the start of the log.</summary>
    public void Add(ulong number, long nanoseconds, in EventEntry entry, string? actor, EventId cause)
    {
        if (Count == 0)
            Begin(number, nanoseconds);
        Fill(number, nanoseconds, entry, actor, cause);
        int size = _event.CalculateSize();
        WriteLength(_events.UInt8(EventTag), (uint)size);
        _event.WriteTo(_events.Reserve(size));
        _head.LastNs = nanoseconds;
        Count++;
    }

    /// <summary>The encoded batch; the writer is empty afterwards.</summary>
    public byte[] Cut()
    {
        _head.EventCount = (uint)Count;
        _head.Peers.AddRange(_peers.Order());
        byte[] block = new byte[_head.CalculateSize() + _events.Length];
        _head.WriteTo(block.AsSpan(0, _head.CalculateSize()));
        _events.Written.CopyTo(block.AsSpan(_head.CalculateSize()));
        Clear();
        return block;
    }

    private void Begin(ulong number, long nanoseconds)
    {
        _head = new Batch { Schema = Schema, FirstEvent = number, FirstNs = nanoseconds };
    }

    private void Clear()
    {
        _events.Reset();
        _names.Clear();
        _addresses.Clear();
        _peers.Clear();
        Count = 0;
    }

    private void Fill(ulong number, long nanoseconds, in EventEntry entry, string? actor, EventId cause)
    {
        _event.AfterNs = nanoseconds - _head.FirstNs;
        _event.Kind = (uint)entry.Kind;
        _event.Peer = NameOf(entry.Peer);
        if (_event.Peer != 0)
            _peers.Add(_event.Peer);
        _event.Actor = NameOf(actor);
        _event.CauseDistance = cause.IsNone ? 0 : number - cause.Value;
        _event.Message = entry.Message is { } message ? EncodeHash(message.Hash) : ByteString.Empty;
        _event.Copy = entry.Message?.Copy ?? 0u;
        _event.From = NameOf(entry.From);
        _event.To = NameOf(entry.To);
        _event.Type = NameOf(entry.Type);
        _event.Size = (uint)entry.Size;
        _event.Text = entry.Text ?? "";
        _event.Correlations.Clear();
        if (entry.Correlations.IsDefault)
            return;
        foreach (Correlation correlation in entry.Correlations)
        {
            _event.Correlations.Add(NameOf(correlation.Key));
            _event.Correlations.Add(NameOf(correlation.Value));
        }
    }

    private uint NameOf(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return 0;
        if (!_names.TryGetValue(name, out uint index))
        {
            _head.Names.Add(name);
            _names.Add(name, index = (uint)_head.Names.Count);
        }

        return index;
    }

    private uint NameOf(PeerAddress? address)
    {
        if (address is not { } known)
            return 0;
        if (!_addresses.TryGetValue(known, out uint index))
            _addresses.Add(known, index = NameOf(known.ToString()));
        return index;
    }

    // Protobuf's variable-length integer: seven bits a byte, least significant first.
    private static void WriteLength(CompactWriter writer, uint value)
    {
        for (; value >= 0x80; value >>= 7)
            writer.UInt8((byte)(value | 0x80));
        writer.UInt8((byte)value);
    }

    private static ByteString EncodeHash(UInt128 hash)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(bytes, hash);
        return ByteString.CopyFrom(bytes);
    }
}
