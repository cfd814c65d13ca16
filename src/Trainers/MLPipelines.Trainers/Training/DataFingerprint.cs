using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLPipelines.Trainers.Training;

/// <summary>A hash of all rows that a run reads, texts and labels alike, by which a run that goes on knows that its data are the same.</summary>
sealed class DataFingerprint : IDisposable
{
    static readonly JsonSerializerOptions s_json = new()
    {
        IncludeFields = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The hash of what was added so far, in the order in which it was added.</summary>
    public string Value => Convert.ToHexString(hash.GetCurrentHash());

    /// <summary>Adds rows.</summary>
    /// <param name="what">What they are.</param>
    /// <param name="rows">The rows; every public property and field of them counts.</param>
    public void Add<T>(string what, IEnumerable<T> rows)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(what));
        foreach (var row in rows)
        {
            hash.AppendData("\n"u8);
            hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(row, s_json));
        }
        hash.AppendData("\n\n"u8);
    }

    public void Dispose() => hash.Dispose();
}
