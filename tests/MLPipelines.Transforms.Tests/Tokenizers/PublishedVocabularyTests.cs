using System.Diagnostics;
using System.Text;
using MLPipelines.Tokenizers;
using Xunit.Abstractions;

namespace MLPipelines.Transforms.Tests.Tokenizers;

public sealed class PublishedVocabularyTests(ITestOutputHelper output)
{
    [SharedDataFact]
    public void Published_vocabularies_are_read_as_uncased()
    {
        foreach (var (name, count) in new[] { ("bert-base-chinese", 21128), ("bert-base-uncased", 30522), ("roformer-chinese-base", 50000) })
        {
            var tokenizer = Read(name);
            Assert.Equal(count, tokenizer.Vocabulary.Count);
            Assert.True(tokenizer.Settings.LowerCase);
        }
    }

    [SharedDataFact]
    public void Known_sentences_give_known_pieces()
    {
        Assert.Equal(["una", "##ffa", "##ble", "cafe", ",", "hugging", "##face", "!"], Pieces(Read("bert-base-uncased"), "Unaffable CAFÉ, HuggingFace!"));
        Assert.Equal(["我", "在", "北", "京", "用", "iphone", "[UNK]", "2", "。"], Pieces(Read("bert-base-chinese"), "我在北京用iPhone𠮷2。"));
    }

    [SharedDataFact]
    public void Every_word_piece_of_real_text_is_the_text_it_points_to()
    {
        foreach (var (vocabulary, file) in new[] { ("bert-base-chinese", "zh.txt"), ("bert-base-uncased", "en.txt") })
        {
            var tokenizer = Read(vocabulary);
            var (bytes, watch, texts) = (0L, new Stopwatch(), File.ReadAllLines(Path.Combine(SharedDataFactAttribute.Folder!, "common_voice", file)));
            foreach (var text in texts)
            {
                watch.Start();
                var tokens = tokenizer.Tokenize(text);
                watch.Stop();
                bytes += Encoding.UTF8.GetByteCount(text);
                for (var i = 0; i < tokens.Count; i++)
                {
                    var entry = tokenizer.Vocabulary[tokens.Ids[i]];
                    var piece = text[tokens.Starts[i]..tokens.Ends[i]];
                    if (tokens.Ids[i] == tokenizer.UnkId || !piece.All(char.IsAscii)) continue;
                    Assert.Equal(entry.StartsWith("##", StringComparison.Ordinal) && entry.Length > 2 ? entry[2..] : entry, piece, ignoreCase: true);
                }
            }

            output.WriteLine($"{file}: {bytes / 1e6 / watch.Elapsed.TotalSeconds:F1} MB/s");
        }
    }

    static IEnumerable<string> Pieces(WordPieceTextTokenizer tokenizer, string text) => tokenizer.Tokenize(text).Ids.Select(id => tokenizer.Vocabulary[id]);

    static WordPieceTextTokenizer Read(string name) => WordPieceTextTokenizer.FromFile(Path.Combine(SharedDataFactAttribute.Folder!, "vocab", name + "-vocab.txt"));
}
