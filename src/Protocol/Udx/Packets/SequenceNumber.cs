namespace Hyper.Protocol.Udx.Packets;

/// <summary>Widens 32-bit sequence numbers so that the rest of the code never meets the wrap-around.</summary>
internal static class SequenceNumber
{
    /// <summary>Streams count from here plus their initial sequence, so no number is ever negative.</summary>
    private const long Origin = 1L << 32;

    public static long First(uint initial) => Origin + initial;

    /// <summary>The number closest to <paramref name="near"/> that has these 32 bits.</summary>
    public static long Widen(uint wire, long near) => near + (int)(wire - (uint)near);
}
