using System.Net.Sockets;

namespace Hyper.Actors.Runtime.Udp;

/// <summary>The buffers that the system keeps for a socket.</summary>
internal static class SocketBuffers
{
    /// <summary>Asks for other sizes, where one is named; the system may grant less.</summary>
    public static void Resize(Socket socket, DatagramBuffers wanted)
    {
        if (wanted.ReceiveBytes > 0)
            socket.ReceiveBufferSize = wanted.ReceiveBytes;
        if (wanted.SendBytes > 0)
            socket.SendBufferSize = wanted.SendBytes;
    }
}
