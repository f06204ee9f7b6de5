using System.Text;
using System.Text.Json;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Encryption;

namespace AuctionActors.Protocol.Tests.Hypercore.Encryption;

public sealed class BlockCipherTests
{
    [Fact]
    public void Blocks_encrypt_as_upstream_and_back()
    {
        int count = 0;
        foreach (JsonElement vector in HypercoreVectors.Root.GetProperty("blockEncryption").EnumerateArray())
        {
            CoreKey key = new(vector.Hash("hypercoreKey"));
            BlockCipher cipher = BlockCipher.ForCore(key, vector.Hash("encryptionKey"), vector.GetProperty("compat").GetBoolean());
            byte[] plain = Encoding.UTF8.GetBytes(vector.GetProperty("plaintext_utf8").GetString()!);
            byte[] block = cipher.Encrypt(vector.Number("index"), vector.Number("fork"), plain);
            Assert.Equal(vector.Bytes("block"), block);
            Assert.True(cipher.TryDecrypt(vector.Number("index"), block, out byte[] back));
            Assert.Equal(plain, back);
            count++;
        }

        Assert.Equal(4, count);
    }
}
