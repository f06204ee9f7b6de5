using System.CommandLine;

namespace AuctionActors.Cli.Rpc;

/// <summary><c>auction rpc</c>: calls and servers by public key, alone.</summary>
internal static class RpcVerb
{
    public static Command Create()
    {
        Command rpc = new("rpc", "Call or serve RPC methods by public key. Example: auction rpc serve --bootstrap 127.0.0.1:30001");
        rpc.Subcommands.Add(RpcCallVerb.Create());
        rpc.Subcommands.Add(RpcServeVerb.Create());
        return rpc;
    }
}
