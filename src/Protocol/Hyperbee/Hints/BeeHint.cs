using Google.Protobuf;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Reading;
using Extension = Hyper.Protocol.Hyperbee.Nodes.Messages.Extension;

namespace Hyper.Protocol.Hyperbee.Hints;

/// <summary>A message of the extension <c>hyperbee</c>: peers tell each other which blocks a read will touch, so that they come at once.</summary>
public sealed record BeeHint
{
    /// <summary>Name of the extension on a core's channel.</summary>
    public const string ExtensionName = "hyperbee";

    /// <summary>Which blocks does a lookup of this key touch?</summary>
    public KeyHint? Get { get; init; }

    /// <summary>Which blocks does a scan of this range touch?</summary>
    public ScanHint? Scan { get; init; }

    /// <summary>These blocks.</summary>
    public BlockHint? Blocks { get; init; }

    /// <summary>As a message of the extension: the length of the hint stands before it.</summary>
    public byte[] ToPayload()
    {
        byte[] hint = Encode();
        return new CompactWriter(CompactSize.Buffer(hint.Length)).Buffer(hint).Written.ToArray();
    }

    /// <summary>False for a message that holds no hint.</summary>
    public static bool TryReadPayload(ReadOnlySpan<byte> payload, out BeeHint hint)
    {
        hint = new BeeHint();
        CompactReader reader = new(payload);
        return reader.TryBuffer(out ReadOnlySpan<byte> bytes) && TryDecode(bytes, out hint);
    }

    public byte[] Encode()
    {
        Extension message = new();
        if (Blocks is { } blocks)
        {
            message.Cache = new Extension.Types.Cache { Start = blocks.Start, End = blocks.End };
            message.Cache.Blocks.AddRange(blocks.Sequences);
        }

        if (Get is { } get)
            message.Get = new Extension.Types.Get { Version = get.Version, Key = ByteString.CopyFrom(get.Key.Span) };
        if (Scan is { } scan)
            message.Iterator = ToMessage(scan);
        return message.ToByteArray();
    }

    /// <summary>False for bytes that are no such message, or that name numbers which JavaScript cannot hold.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out BeeHint hint)
    {
        hint = new BeeHint();
        try
        {
            Extension message = Extension.Parser.ParseFrom(bytes);
            if (message.Cache is { } cache && cache.HasStart && cache.HasEnd && cache.End <= BeeLimits.MaxInteger)
                hint = hint with { Blocks = new BlockHint(cache.Start, cache.End, cache.Blocks) };
            if (message.Get is { } get && get.Version <= BeeLimits.MaxInteger)
                hint = hint with { Get = new KeyHint(get.Version, get.Key.Memory) };
            if (message.Iterator is { } scan && scan.Version <= BeeLimits.MaxInteger)
                hint = hint with { Scan = FromMessage(scan) };
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static Extension.Types.Iterator ToMessage(ScanHint scan)
    {
        Extension.Types.Iterator message = new()
        {
            Version = scan.Version,
            Limit = (ulong)(scan.Range.Limit ?? 0),
            Reverse = scan.Range.Reverse,
        };
        if (scan.Range.GreaterOrEqual is { } atLeast)
            message.Gte = ByteString.CopyFrom(atLeast.Span);
        if (scan.Range.GreaterThan is { } above)
            message.Gt = ByteString.CopyFrom(above.Span);
        if (scan.Range.LessOrEqual is { } atMost)
            message.Lte = ByteString.CopyFrom(atMost.Span);
        if (scan.Range.LessThan is { } below)
            message.Lt = ByteString.CopyFrom(below.Span);
        message.Checkpoint.AddRange(scan.Checkpoint);
        return message;
    }

    private static ScanHint FromMessage(Extension.Types.Iterator message)
    {
        BeeRange range = new()
        {
            GreaterOrEqual = message.HasGte ? message.Gte.Memory : default(ReadOnlyMemory<byte>?),
            GreaterThan = message.HasGt ? message.Gt.Memory : default(ReadOnlyMemory<byte>?),
            LessOrEqual = message.HasLte ? message.Lte.Memory : default(ReadOnlyMemory<byte>?),
            LessThan = message.HasLt ? message.Lt.Memory : default(ReadOnlyMemory<byte>?),
            Reverse = message.Reverse,
            Limit = message.Limit == 0 ? null : (int)Math.Min(message.Limit, int.MaxValue),
        };
        return new ScanHint(message.Version, range, message.Checkpoint);
    }
}

/// <summary>A lookup that a peer is about to make.</summary>
public sealed record KeyHint(ulong Version, ReadOnlyMemory<byte> Key);

/// <summary>A scan that a peer makes, from where it stands: triples of block, level and position.</summary>
public sealed record ScanHint(ulong Version, BeeRange Range, IReadOnlyList<ulong> Checkpoint);

/// <summary>Blocks that are worth fetching, all in [Start, End).</summary>
public sealed record BlockHint(ulong Start, ulong End, IReadOnlyList<ulong> Sequences);
