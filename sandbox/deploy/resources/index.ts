import type { ResourceType } from "../resource.ts";
import { cdkMetadata } from "./AWS_CDK_Metadata.ts";
import { cloudWatchAlarm } from "./AWS_CloudWatch_Alarm.ts";
import { cloudWatchCompositeAlarm } from "./AWS_CloudWatch_CompositeAlarm.ts";
import { cloudWatchDashboard } from "./AWS_CloudWatch_Dashboard.ts";
import { dynamoDBGlobalTable } from "./AWS_DynamoDB_GlobalTable.ts";
import { dynamoDBTable } from "./AWS_DynamoDB_Table.ts";
import { ec2SecurityGroup } from "./AWS_EC2_SecurityGroup.ts";
import { ec2SecurityGroupEgress } from "./AWS_EC2_SecurityGroupEgress.ts";
import { ec2SecurityGroupIngress } from "./AWS_EC2_SecurityGroupIngress.ts";
import { eksAccessEntry } from "./AWS_EKS_AccessEntry.ts";
import { eventsRule } from "./AWS_Events_Rule.ts";
import { iamManagedPolicy } from "./AWS_IAM_ManagedPolicy.ts";
import { iamPolicy } from "./AWS_IAM_Policy.ts";
import { iamRole } from "./AWS_IAM_Role.ts";
import { kmsAlias } from "./AWS_KMS_Alias.ts";
import { kmsKey } from "./AWS_KMS_Key.ts";
import { lambdaAlias } from "./AWS_Lambda_Alias.ts";
import { lambdaEventInvokeConfig } from "./AWS_Lambda_EventInvokeConfig.ts";
import { lambdaFunction } from "./AWS_Lambda_Function.ts";
import { lambdaPermission } from "./AWS_Lambda_Permission.ts";
import { lambdaUrl } from "./AWS_Lambda_Url.ts";
import { lambdaVersion } from "./AWS_Lambda_Version.ts";
import { logsLogGroup } from "./AWS_Logs_LogGroup.ts";
import { logsResourcePolicy } from "./AWS_Logs_ResourcePolicy.ts";
import { s3Bucket } from "./AWS_S3_Bucket.ts";
import { s3BucketPolicy } from "./AWS_S3_BucketPolicy.ts";
import { schedulerSchedule } from "./AWS_Scheduler_Schedule.ts";
import { snsSubscription } from "./AWS_SNS_Subscription.ts";
import { snsTopic } from "./AWS_SNS_Topic.ts";
import { snsTopicPolicy } from "./AWS_SNS_TopicPolicy.ts";
import { sqsQueue } from "./AWS_SQS_Queue.ts";
import { sqsQueuePolicy } from "./AWS_SQS_QueuePolicy.ts";
import { ssmDocument } from "./AWS_SSM_Document.ts";
import { ssmParameter } from "./AWS_SSM_Parameter.ts";
import { stepFunctionsStateMachine } from "./AWS_StepFunctions_StateMachine.ts";
import { stepFunctionsStateMachineAlias } from "./AWS_StepFunctions_StateMachineAlias.ts";
import { stepFunctionsStateMachineVersion } from "./AWS_StepFunctions_StateMachineVersion.ts";

/** Every CloudFormation type the sandbox can make. */
export const resourceTypes: Record<string, ResourceType> = {
  "AWS::CDK::Metadata": cdkMetadata,
  "AWS::CloudWatch::Alarm": cloudWatchAlarm,
  "AWS::CloudWatch::CompositeAlarm": cloudWatchCompositeAlarm,
  "AWS::CloudWatch::Dashboard": cloudWatchDashboard,
  "AWS::DynamoDB::GlobalTable": dynamoDBGlobalTable,
  "AWS::DynamoDB::Table": dynamoDBTable,
  "AWS::EC2::SecurityGroup": ec2SecurityGroup,
  "AWS::EC2::SecurityGroupEgress": ec2SecurityGroupEgress,
  "AWS::EC2::SecurityGroupIngress": ec2SecurityGroupIngress,
  "AWS::EKS::AccessEntry": eksAccessEntry,
  "AWS::Events::Rule": eventsRule,
  "AWS::IAM::ManagedPolicy": iamManagedPolicy,
  "AWS::IAM::Policy": iamPolicy,
  "AWS::IAM::Role": iamRole,
  "AWS::KMS::Alias": kmsAlias,
  "AWS::KMS::Key": kmsKey,
  "AWS::Lambda::Alias": lambdaAlias,
  "AWS::Lambda::EventInvokeConfig": lambdaEventInvokeConfig,
  "AWS::Lambda::Function": lambdaFunction,
  "AWS::Lambda::Permission": lambdaPermission,
  "AWS::Lambda::Url": lambdaUrl,
  "AWS::Lambda::Version": lambdaVersion,
  "AWS::Logs::LogGroup": logsLogGroup,
  "AWS::Logs::ResourcePolicy": logsResourcePolicy,
  "AWS::S3::Bucket": s3Bucket,
  "AWS::S3::BucketPolicy": s3BucketPolicy,
  "AWS::Scheduler::Schedule": schedulerSchedule,
  "AWS::SNS::Subscription": snsSubscription,
  "AWS::SNS::Topic": snsTopic,
  "AWS::SNS::TopicPolicy": snsTopicPolicy,
  "AWS::SQS::Queue": sqsQueue,
  "AWS::SQS::QueuePolicy": sqsQueuePolicy,
  "AWS::SSM::Document": ssmDocument,
  "AWS::SSM::Parameter": ssmParameter,
  "AWS::StepFunctions::StateMachine": stepFunctionsStateMachine,
  "AWS::StepFunctions::StateMachineAlias": stepFunctionsStateMachineAlias,
  "AWS::StepFunctions::StateMachineVersion": stepFunctionsStateMachineVersion,
};
