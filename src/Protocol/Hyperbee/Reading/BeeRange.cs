namespace Hyper.Protocol.Hyperbee.Reading;

/// <summary>Bounds of a scan over encoded keys; a bound that is null is open.</summary>
public sealed record BeeRange
{
    public static BeeRange All { get; } = new();

    public ReadOnlyMemory<byte>? GreaterThan { get; init; }

    public ReadOnlyMemory<byte>? GreaterOrEqual { get; init; }

    public ReadOnlyMemory<byte>? LessThan { get; init; }

    public ReadOnlyMemory<byte>? LessOrEqual { get; init; }

    public bool Reverse { get; init; }

    /// <summary>Most entries that are yielded; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Where the scan begins in its own direction.</summary>
    internal ReadOnlyMemory<byte>? Start => Reverse ? LessThan ?? LessOrEqual : GreaterThan ?? GreaterOrEqual;

    internal bool StartIncluded => Reverse ? LessThan is null : GreaterThan is null;

    /// <summary>Where the scan ends in its own direction.</summary>
    internal ReadOnlyMemory<byte>? End => Reverse ? GreaterThan ?? GreaterOrEqual : LessThan ?? LessOrEqual;

    internal bool EndIncluded => Reverse ? GreaterThan is null : LessThan is null;
}
