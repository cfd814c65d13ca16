using MLPipelines.Tokenizers;

namespace MLPipelines.Transforms.Tests.Tokenizers;

/// <summary>A test that needs jieba's dictionary, and perhaps ../shared/data; where one is absent it is skipped by name with the reason.</summary>
sealed class DictionaryFactAttribute : FactAttribute
{
    public DictionaryFactAttribute(bool withSharedData = false)
    {
        if (!JiebaDictionary.IsBuiltIn) Skip = "This build has no jieba dictionary (JiebaDictionary=none).";
        else if (withSharedData) Skip = new SharedDataFactAttribute().Skip;
    }
}
