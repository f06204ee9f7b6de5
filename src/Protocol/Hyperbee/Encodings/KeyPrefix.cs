using System.Text;
using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Protocol.Hyperbee.Encodings;

/// <summary>The part in front of every key of a sub-database: names, each followed by a separator.</summary>
public sealed record KeyPrefix
{
    private static readonly byte[] DefaultSeparator = [0];
    private readonly byte[] _bytes;

    private KeyPrefix(byte[] bytes) => _bytes = bytes;

    /// <summary>The main database: keys as they are.</summary>
    public static KeyPrefix None { get; } = new([]);

    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>A sub-database of this one.</summary>
    public KeyPrefix Sub(string name, string? separator = null)
        => new([.. _bytes, .. Encoding.UTF8.GetBytes(name), .. separator is null ? DefaultSeparator : Encoding.UTF8.GetBytes(separator)]);

    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> key) => _bytes.Length == 0 ? key : (byte[])[.. _bytes, .. key.Span];

    public ReadOnlyMemory<byte> Strip(ReadOnlyMemory<byte> key) => key.Span.StartsWith(_bytes) ? key[_bytes.Length..] : key;

    /// <summary>The range as stored keys; open bounds end where the sub-database ends, as JavaScript sets them.</summary>
    public BeeRange Apply(BeeRange range)
    {
        if (_bytes.Length == 0)
            return range;
        BeeRange applied = range with
        {
            GreaterThan = Apply(range.GreaterThan),
            GreaterOrEqual = Apply(range.GreaterOrEqual),
            LessThan = Apply(range.LessThan),
            LessOrEqual = Apply(range.LessOrEqual),
        };
        if (applied.GreaterThan is null && applied.GreaterOrEqual is null)
            applied = applied with { GreaterThan = Apply(DefaultSeparator) };
        if (applied.LessThan is null && applied.LessOrEqual is null)
            applied = applied with { LessThan = (byte[])[.. _bytes[..^1], (byte)(_bytes[^1] + 1)] };
        return applied;
    }

    private ReadOnlyMemory<byte>? Apply(ReadOnlyMemory<byte>? bound) => bound is { } key ? Apply(key) : default(ReadOnlyMemory<byte>?);
}
