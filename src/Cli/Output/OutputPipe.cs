using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AuctionActors.Cli.Output;

/// <summary>Standard output that is a pipe: when its reader leaves, as <c>head</c> does, nothing more is written and the command is told to end.</summary>
internal sealed class OutputPipe(Stream pipe, Action closed) : Stream
{
    // A write of that size goes into a pipe whole or not at all.
    private const int AtOnce = 4096;
    private const int BrokenPipe = 32;
    private const int WouldBlock = 11;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(1);

    private static OutputPipe? s_used;

    /// <summary>Standard output for bytes that are no text.</summary>
    public static Stream Bytes => s_used ?? Console.OpenStandardOutput();

    /// <summary>Whether the reader has left.</summary>
    public bool IsClosed { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Puts itself in the place of the console's own output, which does not tell of a reader that left; null when that is no pipe.</summary>
    public static OutputPipe? TryUse(Action closed)
    {
        if (!OperatingSystem.IsLinux() || !Console.IsOutputRedirected)
            return null;
        FileStream output = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        if (output.CanSeek)
            return null;
        s_used = new OutputPipe(output, closed);
        Console.SetOut(new StreamWriter(s_used, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
        return s_used;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty && !IsClosed)
        {
            ReadOnlySpan<byte> part = buffer[..Math.Min(AtOnce, buffer.Length)];
            try
            {
                pipe.Write(part);
                buffer = buffer[part.Length..];
            }
            catch (IOException error) when (error.HResult == WouldBlock)
            {
                Thread.Sleep(s_pause);
            }
            catch (IOException error) when (error.HResult == BrokenPipe)
            {
                IsClosed = true;
                closed();
            }
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
