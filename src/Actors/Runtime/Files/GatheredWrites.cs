using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Hyper.Actors.Runtime.Files;

/// <summary>Writes many short parts through one buffer: what is written at once costs the system less than what comes in pieces.</summary>
internal static class GatheredWrites
{
    // What stays near the processor.
    private const int LongestBuffer = 1024 * 1024;

    public static void Write(SafeFileHandle file, IReadOnlyList<ReadOnlyMemory<byte>> parts, long offset)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferFor(parts));
        try
        {
            int filled = 0;
            for (int i = 0; i < parts.Count; i++)
            {
                ReadOnlySpan<byte> part = parts[i].Span;
                if (part.Length > buffer.Length - filled)
                    offset = Flush(file, buffer, ref filled, offset);
                if (part.Length > buffer.Length)
                {
                    RandomAccess.Write(file, part, offset);
                    offset += part.Length;
                    continue;
                }

                part.CopyTo(buffer.AsSpan(filled));
                filled += part.Length;
            }

            Flush(file, buffer, ref filled, offset);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int BufferFor(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        long length = 0;
        for (int i = 0; i < parts.Count && length < LongestBuffer; i++)
            length += parts[i].Length;
        return (int)Math.Min(length, LongestBuffer);
    }

    private static long Flush(SafeFileHandle file, byte[] buffer, ref int filled, long offset)
    {
        RandomAccess.Write(file, buffer.AsSpan(0, filled), offset);
        offset += filled;
        filled = 0;
        return offset;
    }
}
